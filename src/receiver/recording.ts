/**
 * One recording as it is received: one WAV per participant (silence restored from the timestamps), the capture and the
 * connections. A disk that refuses ends the writing of this recording; it goes on being counted.
 */

import { createWavWriter, type WavWriter } from '../audio/wav-writer.ts';
import { EmulatorError, type Problem } from '../errors.ts';
import { writeError } from '../files.ts';
import type { OutputFiles } from '../output-files.ts';
import type { AudioSeparateRawData } from '../protocol/audio-separate.ts';
import { decodeBriefly } from '../protocol/base64.ts';
import { SAMPLE_RATE, sampleView } from '../protocol/pcm.ts';
import type { VideoSeparatePngData } from '../protocol/video-separate-png.ts';
import type { RecordingFolder } from './folder.ts';
import { LineFile } from './line-file.ts';
import { Pictures } from './pictures.ts';
import type { ConnectionStats, ParticipantStats, RecordingStats } from './stats.ts';
import { Tally } from './tally.ts';

interface Track {
  readonly stats: ParticipantStats;
  writer: WavWriter | undefined;
  endSample: number;
}

/** What is on disk of a recording. */
interface Kept {
  readonly folder: RecordingFolder;
  readonly files: OutputFiles;
  readonly emptyHeader: Buffer;
  readonly capture: LineFile;
  readonly connections: LineFile;
}

/** Audio beyond a day after the start is a wrong timestamp, and would make a huge file. */
const MAX_SAMPLE = 24 * 3_600 * SAMPLE_RATE;
/** Bounds what one sender can make us remember. */
const MAX_PARTICIPANTS = 1_000;

export interface RecordingOptions {
  readonly id: string;
  /** Makes the folder; undefined when nothing is to be written. */
  readonly makeFolder: (() => RecordingFolder) | undefined;
  readonly files: OutputFiles;
  /** `wavHeader(0)` */
  readonly emptyHeader: Buffer;
  /** Where the recordings are kept, for messages. */
  readonly dir: string | undefined;
  /** Called once, when the disk has refused. */
  readonly onFailure: (problem: Problem) => void;
}

export class Recording {
  readonly id: string;
  readonly #onFailure: (problem: Problem) => void;
  readonly #tracks = new Map<number, Track>();
  readonly #frameMs = new Tally();
  readonly #gapMs = new Tally();
  readonly #pictures = new Pictures();
  readonly #open = new Set<ConnectionStats>();
  #path: string | null = null;
  #kept: Kept | undefined;
  #failure: string | null = null;

  /** Never throws: a folder that cannot be made is a failure of the recording. */
  constructor(options: RecordingOptions) {
    const { id, makeFolder, files, emptyHeader, dir = '' } = options;
    this.id = id;
    this.#onFailure = options.onFailure;
    if (makeFolder === undefined) return;
    this.#onDisk(dir, () => {
      const folder = makeFolder();
      this.#path = folder.path;
      this.#kept = {
        folder,
        files,
        emptyHeader,
        capture: new LineFile(files.create(folder.claim('events.ndjson'))),
        connections: new LineFile(files.create(folder.claim('connections.ndjson'))),
      };
    });
  }

  get failed(): boolean {
    return this.#failure !== null;
  }

  /** Takes a frame. Returns what is wrong with it beyond its shape; then nothing of it is kept. */
  addFrame(event: AudioSeparateRawData): Problem | undefined {
    const { buffer, timestamp, participant } = event.data.data;
    const startSample = Math.round(timestamp.relative * SAMPLE_RATE);
    if (startSample > MAX_SAMPLE) {
      return {
        code: 'timestamp_too_large',
        message: `relative ${timestamp.relative} is more than a day after the start.`,
      };
    }
    const track = this.#track(participant);
    if (track === undefined) {
      return {
        code: 'too_many_participants',
        message: `More than ${MAX_PARTICIPANTS} participants in one recording.`,
      };
    }
    // What is written is copied at once.
    const pcm = sampleView(decodeBriefly(buffer));
    this.#count(track, timestamp.relative, startSample, pcm.length);
    track.stats.name = participant.name;
    const { writer } = track;
    if (writer !== undefined) this.#onDisk(writer.path, () => writer.write(startSample, pcm));
    return undefined;
  }

  /** Counts a picture. Returns what is wrong with it beyond its shape. */
  addPicture(event: VideoSeparatePngData): Problem | undefined {
    return this.#pictures.add(event);
  }

  /** A message for the capture, as it came. */
  keep(json: Uint8Array): void {
    const kept = this.#kept;
    if (kept !== undefined) this.#onDisk(kept.folder.path, () => kept.capture.append(json));
  }

  /** A connection that carried something of this recording. */
  addConnection(connection: ConnectionStats): void {
    this.#open.add(connection);
  }

  /** Returns whether it was the last that was open. Then all is on disk, and nothing in memory until something comes again. */
  onConnectionClosed(connection: ConnectionStats): boolean {
    if (!this.#open.delete(connection)) return false;
    const kept = this.#kept;
    if (kept !== undefined) {
      this.#onDisk(kept.folder.path, () => kept.connections.append(Buffer.from(JSON.stringify(connection))));
    }
    if (this.#open.size > 0) return false;
    this.#writeOut('rest');
    return true;
  }

  /** Puts on disk what is in memory; every file is whole then. */
  flush(): void {
    this.#writeOut('flush');
  }

  #writeOut(how: 'flush' | 'rest'): void {
    const kept = this.#kept;
    if (kept === undefined) return;
    this.#onDisk(kept.folder.path, () => {
      kept.capture[how]();
      kept.connections[how]();
      for (const { writer } of this.#tracks.values()) writer?.[how]();
    });
  }

  close(): void {
    const kept = this.#kept;
    if (kept === undefined) return;
    this.#onDisk(kept.folder.path, () => {
      for (const { writer } of this.#tracks.values()) writer?.close();
      kept.capture.close();
      kept.connections.close();
      kept.folder.complete();
    });
    this.#kept = undefined;
  }

  stats(): RecordingStats {
    const participants = [...this.#tracks.values()].map(({ stats }) => stats);
    return {
      id: this.id,
      dir: this.#path,
      failure: this.#failure,
      frames: participants.reduce((sum, { frames }) => sum + frames, 0),
      participants,
      videos: this.#pictures.stats(),
      frameMs: this.#frameMs.entries(),
      gapMs: this.#gapMs.entries(),
    };
  }

  #count(track: Track, relative: number, startSample: number, samples: number): void {
    const { stats } = track;
    this.#frameMs.add((samples * 1_000) / SAMPLE_RATE);
    if (stats.frames > 0) this.#gapMs.add(((startSample - track.endSample) * 1_000) / SAMPLE_RATE);
    if (stats.lastRelative !== null && relative <= stats.lastRelative) stats.outOfOrder++;
    if (startSample < track.endSample) stats.overlaps++;
    stats.frames++;
    stats.samples += samples;
    stats.firstRelative ??= relative;
    stats.lastRelative = relative;
    track.endSample = Math.max(track.endSample, startSample + samples);
  }

  /** Undefined when there are too many. */
  #track(participant: { readonly id: number; readonly name: string | null }): Track | undefined {
    const { id, name } = participant;
    const known = this.#tracks.get(id);
    if (known !== undefined) return known;
    if (this.#tracks.size >= MAX_PARTICIPANTS) return undefined;
    const stats: ParticipantStats = {
      id,
      name,
      frames: 0,
      samples: 0,
      firstRelative: null,
      lastRelative: null,
      outOfOrder: 0,
      overlaps: 0,
      file: null,
    };
    const track: Track = { stats, writer: undefined, endSample: 0 };
    this.#tracks.set(id, track);
    const kept = this.#kept;
    if (kept !== undefined) {
      this.#onDisk(kept.folder.path, () => {
        const file = kept.files.create(kept.folder.claim(`participant-${id}.wav`));
        track.writer = createWavWriter(file, kept.emptyHeader);
        stats.file = file.path;
      });
    }
    return track;
  }

  /** Nothing that a disk refuses may reach the socket's handlers: it ends the writing of this recording. */
  #onDisk(path: string, action: () => void): void {
    try {
      action();
    } catch (cause) {
      const error = writeError(cause, path);
      // Anything else is a defect, and hiding it would make it worse.
      if (!(error instanceof EmulatorError)) throw error;
      this.#fail(error);
    }
  }

  #fail(error: EmulatorError): void {
    if (this.#failure !== null) return;
    this.#failure = error.message;
    const kept = this.#kept;
    this.#kept = undefined;
    for (const track of this.#tracks.values()) {
      const { writer } = track;
      track.writer = undefined;
      attempt(() => writer?.close());
    }
    attempt(() => kept?.capture.close());
    attempt(() => kept?.connections.close());
    attempt(() => kept?.folder.complete());
    this.#onFailure({
      code: 'recording_not_written',
      message: `Recording ${this.id} is no longer written: ${error.message}`,
      hint: error.hint,
    });
  }
}

/** Saves what the disk still takes. Why it refuses is known already. */
function attempt(action: () => void): void {
  try {
    action();
  } catch {
    // Told once, by the failure that led here.
  }
}
