/** What was sent, as the oracle needs it: per participant the samples and where on the meeting's clock they were sent. */
import { plainText } from '../../plain-text.ts';
import { participantAudio } from '../../scenario/audio.ts';
import type { Timeline } from '../../scenario/timeline.ts';

/** In samples at 16 kHz on the meeting's clock; `end` is exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface SentTrack {
  readonly id: number;
  /** As people call them: `Ada`, `participant 100`, or `Alex (200)` where there is another Alex. Of one line, and not long. */
  readonly name: string;
  /** From the start of the recording on; zeros where nothing was sent. */
  readonly pcm: Int16Array;
  /** Where samples arrived; sorted, apart. What was dropped on the way is not in them. */
  readonly ranges: readonly Range[];
  /** From unmute to mute; sorted, apart. */
  readonly intervals: readonly Range[];
  /** What was dropped on the way. A receiver may leave it out or fill it with silence. */
  readonly dropped: readonly Range[];
}

export interface Sent {
  readonly tracks: readonly SentTrack[];
  readonly durationSamples: number;
}

/** `dropped`: by participant id, the ledger's missing ranges. For meetings that fit into memory. */
export function sentOf(timeline: Timeline, dropped: ReadonlyMap<number, readonly Range[]> = new Map()): Sent {
  return {
    durationSamples: timeline.durationSamples,
    tracks: timeline.participants.map(({ id, name }, index) => {
      const plans = timeline.streams.filter(({ participant }) => participant === index);
      const segments = plans.flatMap((plan) => plan.segments);
      const lost = joined(dropped.get(id) ?? []);
      return {
        id,
        name: calledName(id, name, timeline),
        pcm: participantAudio(timeline, index),
        ranges: without(
          joined(segments.map(({ startSample, endSample }) => ({ start: startSample, end: endSample }))),
          lost,
        ),
        intervals: plans.map(({ startSample, endSample }) => ({ start: startSample, end: endSample })),
        dropped: lost,
      };
    }),
  };
}

const MAX_NAME = 40;

function calledName(id: number, name: string | null, { participants }: Timeline): string {
  if (name === null || name.trim() === '') return `participant ${id}`;
  const isShared = participants.some((other) => other.id !== id && other.name === name);
  return isShared ? `${plainText(name, MAX_NAME)} (${id})` : plainText(name, MAX_NAME);
}

/** Peak of what is silence to a codec: about -48 dBFS. */
const QUIET_PEAK = 128;
const QUIET_BLOCK = 320;
/** Shorter pauses are followed through. */
const MIN_QUIET = 1_600;

/**
 * The same for audio that is no exact copy: near-silence cannot be found in it, so that it may be there or not, as what was
 * dropped.
 */
export function audibleOf(sent: Sent): Sent {
  return {
    ...sent,
    tracks: sent.tracks.map((track) => {
      const quiet = track.ranges
        .flatMap((range) => quietIn(track.pcm, range))
        .filter(({ start, end }) => end - start >= MIN_QUIET);
      return {
        ...track,
        ranges: without(track.ranges, quiet),
        dropped: joined([...track.dropped, ...quiet]),
      };
    }),
  };
}

function quietIn(pcm: Int16Array, range: Range): Range[] {
  const blocks: Range[] = [];
  for (let start = range.start; start < range.end; start += QUIET_BLOCK) {
    const end = Math.min(range.end, start + QUIET_BLOCK);
    if (pcm.subarray(start, end).every((sample) => Math.abs(sample) < QUIET_PEAK))
      blocks.push({ start, end });
  }
  return joined(blocks);
}

/** One recording, taken as what was sent: all of it, its silence too. */
export function sentAsOne(pcm: Int16Array, name: string): Sent {
  const all = pcm.length === 0 ? [] : [{ start: 0, end: pcm.length }];
  return {
    durationSamples: pcm.length,
    tracks: [{ id: 0, name, pcm, ranges: all, intervals: all, dropped: [] }],
  };
}

/** Sorted, and one where they touch or overlap. */
export function joined(ranges: readonly Range[]): Range[] {
  const result: { start: number; end: number }[] = [];
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (end <= start) continue;
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else result.push({ start, end });
  }
  return result;
}

/** What is in `ranges` and not in `others`; both sorted and apart. */
export function without(ranges: readonly Range[], others: readonly Range[]): Range[] {
  const result: Range[] = [];
  let next = 0;
  for (const { start, end } of ranges) {
    let at = start;
    while (next < others.length && others[next]!.end <= at) next++;
    for (let index = next; index < others.length && others[index]!.start < end; index++) {
      if (others[index]!.start > at) result.push({ start: at, end: others[index]!.start });
      at = Math.max(at, others[index]!.end);
    }
    if (at < end) result.push({ start: at, end });
  }
  return result;
}

export function lengthOf(ranges: readonly Range[]): number {
  return ranges.reduce((sum, { start, end }) => sum + end - start, 0);
}

/** The part of `ranges` (sorted, apart) between `start` and `end`. */
export function within(ranges: readonly Range[], start: number, end: number): Range[] {
  // By halves: what is lost frame by frame makes tens of thousands.
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranges[middle]!.end <= start) low = middle + 1;
    else high = middle;
  }
  const result: Range[] = [];
  for (; low < ranges.length && ranges[low]!.start < end; low++)
    result.push({ start: Math.max(ranges[low]!.start, start), end: Math.min(ranges[low]!.end, end) });
  return result;
}
