/** All recordings that a receiver gets, each in its folder. Without a folder it only counts. Never throws for a disk's sake. */
import { wavHeader } from '../audio/wav.ts';
import type { Problem } from '../errors.ts';
import { makeOutputFolder } from '../files.ts';
import { OutputFiles } from '../output-files.ts';
import { isAudioSeparate, isVideoSeparate, type RealtimeEvent } from '../protocol/events.ts';
import { makeRecordingFolder } from './folder.ts';
import { Recording } from './recording.ts';
import type { ConnectionStats, RecordingStats } from './stats.ts';

/** A folder's name comes from the network: it must not lead anywhere else. */
const SAFE_ID = /^[A-Za-z0-9_-]{1,64}$/;
/** Bounds what one sender can make us remember. */
const MAX_RECORDINGS = 10_000;

export interface RecordingsOptions {
  /** Made when it does not exist; without it nothing is written. */
  readonly dir: string | undefined;
  /** Delete what an earlier run of ours wrote of the same recording, instead of going on in a new folder. */
  readonly replaceEarlier: boolean;
  /** A recording was heard of for the first time. */
  readonly onBegin: (recording: RecordingStats) => void;
  /** The last connection of a recording has closed; it may come back. */
  readonly onQuiet: (recording: RecordingStats) => void;
  /** A recording is no longer written. */
  readonly onFailure: (problem: Problem) => void;
}

export class Recordings {
  readonly #options: RecordingsOptions;
  readonly #emptyHeader: Buffer;
  readonly #files = new OutputFiles();
  readonly #recordings = new Map<string, Recording>();
  readonly #recordingsOf = new Map<ConnectionStats, Set<Recording>>();
  #closed = false;

  /** Throws a `UsageError` or a `WriteError` when there can be no such folder. */
  static async create(options: RecordingsOptions): Promise<Recordings> {
    if (options.dir !== undefined) makeOutputFolder(options.dir);
    return new Recordings(options, await wavHeader(0));
  }

  private constructor(options: RecordingsOptions, emptyHeader: Buffer) {
    this.#options = options;
    this.#emptyHeader = emptyHeader;
  }

  /** Records a valid event. Returns what is wrong with it beyond its shape; then nothing of it is kept. */
  record(event: RealtimeEvent, json: Uint8Array, connection: ConnectionStats): Problem | undefined {
    const recording = this.#recording(event.data.recording.id, connection);
    if ('code' in recording) return recording;
    if (isAudioSeparate(event)) {
      const problem = recording.addFrame(event);
      if (problem !== undefined) return problem;
    }
    // The capture would grow by gigabytes; that video was on is told by other events.
    if (isVideoSeparate(event)) return recording.addPicture(event);
    recording.keep(json);
    return undefined;
  }

  /** An event of a name we do not know belongs into the capture all the same, if it says of which recording it is. */
  keepUnknown(value: unknown, json: Uint8Array, connection: ConnectionStats): void {
    const id = (value as { data?: { recording?: { id?: unknown } | null } | null }).data?.recording?.id;
    if (typeof id !== 'string') return;
    const recording = this.#recording(id, connection);
    if (!('code' in recording)) recording.keep(json);
  }

  onConnectionClosed(connection: ConnectionStats): void {
    const recordings = this.#recordingsOf.get(connection);
    this.#recordingsOf.delete(connection);
    for (const recording of recordings ?? [])
      if (recording.onConnectionClosed(connection)) this.#options.onQuiet(recording.stats());
  }

  stats(): readonly RecordingStats[] {
    return [...this.#recordings.values()].map((recording) => recording.stats());
  }

  /** How many recordings are no longer written. */
  get failed(): number {
    return [...this.#recordings.values()].filter(({ failed }) => failed).length;
  }

  /** Puts on disk what is in memory. Only recordings with an open connection have anything. */
  flush(): void {
    for (const recording of new Set([...this.#recordingsOf.values()].flatMap((set) => [...set])))
      recording.flush();
  }

  /** Completes every file. Whatever comes later is not written. Safe to call twice. */
  close(): void {
    this.#closed = true;
    for (const recording of this.#recordings.values()) recording.close();
  }

  #recording(id: string, connection: ConnectionStats): Recording | Problem {
    const known = this.#recordings.get(id);
    const recording = known ?? this.#begin(id);
    if ('code' in recording) return recording;
    let recordings = this.#recordingsOf.get(connection);
    if (recordings === undefined) {
      recordings = new Set();
      this.#recordingsOf.set(connection, recordings);
    }
    if (!recordings.has(recording)) {
      recordings.add(recording);
      recording.addConnection(connection);
    }
    if (known === undefined) this.#options.onBegin(recording.stats());
    return recording;
  }

  #begin(id: string): Recording | Problem {
    if (this.#closed) return { code: 'receiver_closed', message: 'The receiver is closed.' };
    if (!SAFE_ID.test(id)) {
      return {
        code: 'unsafe_recording_id',
        message: 'The recording id is not letters, digits, - and _ (at most 64).',
      };
    }
    if (this.#recordings.size >= MAX_RECORDINGS)
      return { code: 'too_many_recordings', message: `More than ${MAX_RECORDINGS} recordings.` };
    const { dir, replaceEarlier } = this.#options;
    const recording = new Recording({
      id,
      dir,
      makeFolder:
        dir === undefined ? undefined : () => makeRecordingFolder(dir, id, { replace: replaceEarlier }),
      files: this.#files,
      emptyHeader: this.#emptyHeader,
      onFailure: this.#options.onFailure,
    });
    this.#recordings.set(id, recording);
    return recording;
  }
}
