/**
 * Compares recorded WAVs with the timeline that was played: every sample that was sent stands at its position, and
 * everywhere else is silence. Reads both in chunks, so that memory stays flat.
 */
import { openAudioFile } from '../audio/file.ts';
import type { AudioReader, AudioSource } from '../audio/source.ts';
import { AudioError } from '../errors.ts';
import type { Segment, Timeline } from '../scenario/timeline.ts';
import type { RecordingStats } from './stats.ts';

interface Range {
  readonly startSample: number;
  readonly endSample: number;
}

export interface CompareOptions {
  readonly timeline: Timeline;
  /** What the receiver tells of the recording; undefined when it never heard of it. Only files of this run count. */
  readonly recording: RecordingStats | undefined;
  /** By participant id: what was not sent. Silence is expected there. */
  readonly missing: ReadonlyMap<number, readonly Range[]>;
  /** By participant id: the position up to which anything was sent; undefined when everything was. */
  readonly untilSample?: ReadonlyMap<number, number> | undefined;
}

export interface ParticipantComparison {
  readonly id: number;
  /** Null when nothing of this participant was sent. */
  readonly file: string | null;
  readonly comparedSamples: number;
  readonly differentSamples: number;
  readonly firstDifferenceSample: number | null;
}

const CHUNK_SAMPLES = 32 * 1024;

export async function compareRecording(
  options: CompareOptions,
): Promise<{ readonly participants: readonly ParticipantComparison[] }> {
  const { timeline, recording, missing, untilSample } = options;
  const files = new Map(recording?.participants.map(({ id, file }) => [id, file]));
  const participants: ParticipantComparison[] = [];
  for (const [index, { id }] of timeline.participants.entries()) {
    const until = untilSample === undefined ? Number.POSITIVE_INFINITY : (untilSample.get(id) ?? 0);
    const segments = timeline.streams
      .filter((stream) => stream.participant === index)
      .flatMap((stream) => stream.segments)
      .filter(({ startSample }) => startSample < until);
    const lastSample = Math.min(
      until,
      segments.reduce((last, { endSample }) => Math.max(last, endSample), 0),
    );
    const file = files.get(id) ?? null;
    const gaps = [...(missing.get(id) ?? [])].sort((a, b) => a.startSample - b.startSample);
    const recorded = file === null ? undefined : await openRecorded(file);
    participants.push({
      id,
      ...compareTrack(segments, gaps, lastSample, recorded),
      file: recorded === undefined ? null : file,
    });
  }
  return { participants };
}

/** Undefined when there is no file, or none with audio: nothing was received. */
async function openRecorded(file: string): Promise<AudioSource | undefined> {
  try {
    return await openAudioFile(file);
  } catch (error) {
    if (error instanceof AudioError && (error.code === 'audio_not_found' || error.code === 'wav_empty'))
      return undefined;
    throw error;
  }
}

function compareTrack(
  segments: readonly Segment[],
  gaps: readonly Range[],
  lastSample: number,
  recorded: AudioSource | undefined,
): Omit<ParticipantComparison, 'id' | 'file'> {
  const expected = new SegmentReader(segments);
  const actual = recorded?.open();
  const recordedSamples = recorded?.samples ?? 0;
  const total = Math.max(lastSample, recordedSamples);
  let differentSamples = 0;
  let firstDifferenceSample: number | null = null;
  try {
    for (let start = 0; start < total; start += CHUNK_SAMPLES) {
      const length = Math.min(CHUNK_SAMPLES, total - start);
      const want = expected.read(start, length);
      want.fill(0, Math.max(0, Math.min(length, lastSample - start)));
      for (const gap of gaps)
        want.fill(0, clamp(gap.startSample - start, length), clamp(gap.endSample - start, length));
      const have = new Int16Array(length);
      // What was never received at the end was not sent either, or it shows as a difference from silence.
      const present = clamp(recordedSamples - start, length);
      if (present > 0) actual?.read(have.subarray(0, present));
      if (isSame(want, have)) continue;
      for (let index = 0; index < length; index++) {
        if (want[index] === have[index]) continue;
        differentSamples++;
        firstDifferenceSample ??= start + index;
      }
    }
  } finally {
    actual?.close();
    expected.close();
  }
  return { comparedSamples: total, differentSamples, firstDifferenceSample };
}

/** All at once: nearly every chunk is as it was sent, and only of others it is asked where they differ. */
function isSame(a: Int16Array, b: Int16Array): boolean {
  return Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(
    new Uint8Array(b.buffer, b.byteOffset, b.byteLength),
  );
}

function clamp(value: number, max: number): number {
  return Math.max(0, Math.min(max, value));
}

/** Reads sorted segments as one track, silence between them; forward only. Where captured frames overlap, the later wins. */
class SegmentReader {
  readonly #segments: readonly Segment[];
  #next = 0;
  #open: { readonly segment: Segment; readonly reader: AudioReader; position: number }[] = [];

  constructor(segments: readonly Segment[]) {
    this.#segments = segments;
  }

  read(start: number, length: number): Int16Array {
    const track = new Int16Array(length);
    const end = start + length;
    for (; (this.#segments[this.#next]?.startSample ?? Number.POSITIVE_INFINITY) < end; this.#next++) {
      const segment = this.#segments[this.#next]!;
      this.#open.push({ segment, reader: segment.source.open(), position: segment.startSample });
    }
    for (const each of this.#open) {
      const stop = Math.min(end, each.segment.endSample);
      each.reader.read(track.subarray(each.position - start, stop - start));
      each.position = stop;
    }
    this.#open = this.#open.filter(({ segment, reader }) => {
      if (segment.endSample > end) return true;
      reader.close();
      return false;
    });
    return track;
  }

  close(): void {
    for (const { reader } of this.#open) reader.close();
    this.#open = [];
  }
}
