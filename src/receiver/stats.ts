/** What the receiver tells of what it got. Plain data; seconds count from the receiver's start. */
import type { VideoType } from '../protocol/video-separate-png.ts';
import type { TallyEntry } from './tally.ts';

/** One WebSocket that the receiver had. */
export interface ConnectionStats {
  readonly number: number;
  /** Path and query of the upgrade. Tokens ride in the query: its values are `***`. */
  readonly url: string;
  readonly openedSeconds: number;
  closedSeconds: number | null;
  closeCode: number | null;
  messages: number;
  /** Ids in order of appearance; the first thousand. */
  readonly participants: number[];
}

/** What was received of one participant. */
export interface ParticipantStats {
  readonly id: number;
  name: string | null;
  frames: number;
  samples: number;
  firstRelative: number | null;
  lastRelative: number | null;
  /** Frames whose `relative` was not above the one before. */
  outOfOrder: number;
  /** Frames that began before the last one had ended. */
  overlaps: number;
  /** The WAV; null when nothing is written. */
  file: string | null;
}

/** What was received of one participant's camera or shared screen. */
export interface VideoStats {
  /** The participant's. */
  readonly id: number;
  readonly type: VideoType;
  pictures: number;
  firstRelative: number | null;
  lastRelative: number | null;
  /** Pictures whose `relative` was not above the one before. */
  outOfOrder: number;
  /** Of the last picture, in pixels. */
  width: number;
  height: number;
}

/** What was received of one recording. */
export interface RecordingStats {
  readonly id: string;
  /** Where it is kept; null when nothing is written. */
  readonly dir: string | null;
  /** Why it is no longer written, in words; null while it is. What came before is on disk. */
  readonly failure: string | null;
  readonly frames: number;
  readonly participants: readonly ParticipantStats[];
  /** Pictures are counted and not kept. */
  readonly videos: readonly VideoStats[];
  /** How many frames had which length, in milliseconds, the most common first. */
  readonly frameMs: readonly TallyEntry[];
  /**
   * How many frames began how long after the end of the participant's frame before, by their timestamps, in milliseconds;
   * negative when they overlapped.
   */
  readonly gapMs: readonly TallyEntry[];
}

export interface ReceiverStats {
  readonly messages: number;
  readonly invalid: number;
  /** Events of a name that is not known here; kept in the capture. */
  readonly unknown: number;
  readonly refusedUpgrades: number;
  readonly connectionsOpen: number;
  readonly connectionsTotal: number;
  /** Recordings that are no longer written because the disk refused. */
  readonly failedRecordings: number;
  readonly recordings: readonly RecordingStats[];
  /** The last thousand. */
  readonly connections: readonly ConnectionStats[];
}

/** The statistics as JSON has them, in snake_case as in `play`'s report and on Recall's wire. */
export function statsToJson(stats: ReceiverStats): unknown {
  return snakeKeys(stats);
}

function snakeKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [
      key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      snakeKeys(child),
    ]),
  );
}
