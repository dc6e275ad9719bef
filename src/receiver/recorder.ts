/**
 * Writes what the receiver gets: per recording a folder with one WAV per participant (silence restored from the
 * timestamps), the capture and the connections. Without a folder it only counts.
 */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { SAMPLE_RATE } from '../audio/format.ts';
import { int16View, wavHeader } from '../audio/wav.ts';
import { createWavWriter, type WavWriter } from '../audio/wav-writer.ts';
import type { Problem } from '../errors.ts';
import type { AudioSeparateRawData } from '../protocol/audio-separate.ts';
import { isAudioSeparate, type RealtimeEvent } from '../protocol/events.ts';
import type { ConnectionStats } from './receiver.ts';

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
  readonly file: string | null;
}

interface Track {
  readonly stats: ParticipantStats;
  writer: WavWriter | undefined;
  endSample: number;
}

interface Recording {
  readonly id: string;
  readonly dir: string | undefined;
  readonly capture: LineFile | undefined;
  readonly tracks: Map<number, Track>;
  readonly connections: Set<ConnectionStats>;
}

/** A folder's name comes from the network: it must not lead anywhere else. */
const SAFE_ID = /^[A-Za-z0-9_-]{1,64}$/;
/** Audio beyond a day after the start is a wrong timestamp, and would make a huge file. */
const MAX_SAMPLE = 24 * 3_600 * SAMPLE_RATE;
/** Bounds what one sender can make us keep open. */
const MAX_RECORDINGS = 1_000;
const MAX_PARTICIPANTS = 1_000;

export class Recorder {
  readonly #dir: string | undefined;
  readonly #emptyHeader: Buffer;
  readonly #recordings = new Map<string, Recording>();

  /** `dir` is made when it does not exist. */
  static async create(dir: string | undefined): Promise<Recorder> {
    if (dir !== undefined) mkdirSync(dir, { recursive: true });
    return new Recorder(dir, await wavHeader(0));
  }

  private constructor(dir: string | undefined, emptyHeader: Buffer) {
    this.#dir = dir;
    this.#emptyHeader = emptyHeader;
  }

  /** Records a valid event. Returns what is wrong with it beyond its shape; then nothing of it is kept. */
  record(event: RealtimeEvent, text: string, connection: ConnectionStats): Problem | undefined {
    const recording = this.#recording(event.data.recording.id);
    if ('code' in recording) return recording;
    recording.connections.add(connection);
    if (isAudioSeparate(event)) {
      const problem = this.#recordFrame(recording, event);
      if (problem !== undefined) return problem;
    }
    recording.capture?.append(text);
    return undefined;
  }

  /** An event of a name we do not know belongs into the capture all the same, if it says of which recording it is. */
  keepUnknown(value: unknown, text: string): void {
    const id = (value as { data?: { recording?: { id?: unknown } } }).data?.recording?.id;
    if (typeof id !== 'string') return;
    const recording = this.#recording(id);
    if (!('code' in recording)) recording.capture?.append(text);
  }

  onConnectionClosed(connection: ConnectionStats): void {
    for (const { connections, dir } of this.#recordings.values()) {
      if (dir === undefined || !connections.delete(connection)) continue;
      const file = new LineFile(join(dir, 'connections.ndjson'), 'a');
      file.append(JSON.stringify(connection));
      file.close();
    }
  }

  stats(): { readonly id: string; readonly participants: readonly ParticipantStats[] }[] {
    return [...this.#recordings.values()].map(({ id, tracks }) => ({
      id,
      participants: [...tracks.values()].map(({ stats }) => stats),
    }));
  }

  close(): void {
    for (const { capture, tracks } of this.#recordings.values()) {
      capture?.close();
      for (const { writer } of tracks.values()) writer?.close();
    }
  }

  #recording(id: string): Recording | Problem {
    const known = this.#recordings.get(id);
    if (known !== undefined) return known;
    if (!SAFE_ID.test(id)) {
      return {
        code: 'unsafe_recording_id',
        message: 'The recording id is not letters, digits, - and _ (at most 64).',
      };
    }
    if (this.#recordings.size >= MAX_RECORDINGS)
      return { code: 'too_many_recordings', message: `More than ${MAX_RECORDINGS} recordings.` };
    const dir = this.#dir === undefined ? undefined : join(this.#dir, `recording-${id}`);
    if (dir !== undefined) {
      mkdirSync(dir, { recursive: true });
      new LineFile(join(dir, 'connections.ndjson'), 'w').close();
    }
    const recording: Recording = {
      id,
      dir,
      capture: dir === undefined ? undefined : new LineFile(join(dir, 'events.ndjson'), 'w'),
      tracks: new Map(),
      connections: new Set(),
    };
    this.#recordings.set(id, recording);
    return recording;
  }

  #recordFrame(recording: Recording, event: AudioSeparateRawData): Problem | undefined {
    const { buffer, timestamp, participant } = event.data.data;
    const startSample = Math.round(timestamp.relative * SAMPLE_RATE);
    if (startSample > MAX_SAMPLE) {
      return {
        code: 'timestamp_too_large',
        message: `relative ${timestamp.relative} is more than a day after the start.`,
      };
    }
    const track = this.#track(recording, participant);
    if ('code' in track) return track;
    const pcm = int16View(Buffer.from(buffer, 'base64'));
    const { stats } = track;
    if (stats.lastRelative !== null && timestamp.relative <= stats.lastRelative) stats.outOfOrder++;
    if (startSample < track.endSample) stats.overlaps++;
    stats.frames++;
    stats.samples += pcm.length;
    stats.firstRelative ??= timestamp.relative;
    stats.lastRelative = timestamp.relative;
    stats.name = participant.name;
    track.endSample = Math.max(track.endSample, startSample + pcm.length);
    track.writer?.write(startSample, pcm);
    return undefined;
  }

  #track(
    recording: Recording,
    participant: { readonly id: number; readonly name: string | null },
  ): Track | Problem {
    const { id, name } = participant;
    const known = recording.tracks.get(id);
    if (known !== undefined) return known;
    if (recording.tracks.size >= MAX_PARTICIPANTS) {
      return {
        code: 'too_many_participants',
        message: `More than ${MAX_PARTICIPANTS} participants in one recording.`,
      };
    }
    const file = recording.dir === undefined ? null : join(recording.dir, `participant-${id}.wav`);
    const track: Track = {
      stats: {
        id,
        name,
        frames: 0,
        samples: 0,
        firstRelative: null,
        lastRelative: null,
        outOfOrder: 0,
        overlaps: 0,
        file,
      },
      writer: file === null ? undefined : createWavWriter(file, this.#emptyHeader),
      endSample: 0,
    };
    recording.tracks.set(id, track);
    return track;
  }
}

const FLUSH_CHARACTERS = 256 * 1024;

/** A file of lines, written in batches. */
class LineFile {
  readonly #fd: number;
  #lines: string[] = [];
  #characters = 0;

  constructor(path: string, flags: 'a' | 'w') {
    this.#fd = openSync(path, flags);
  }

  append(line: string): void {
    // A message may be pretty-printed; in a capture it takes one line.
    this.#lines.push(/[\r\n]/.test(line) ? JSON.stringify(JSON.parse(line)) : line);
    this.#characters += line.length;
    if (this.#characters >= FLUSH_CHARACTERS) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#fd);
  }

  #flush(): void {
    if (this.#lines.length > 0) writeSync(this.#fd, `${this.#lines.join('\n')}\n`);
    this.#lines = [];
    this.#characters = 0;
  }
}
