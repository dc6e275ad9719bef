/**
 * Cuts a stream's audio into frames and reads their samples in order. Positions come from the sample clock alone.
 * Knows nothing of time or sockets.
 */

import type { AudioReader, AudioSource } from '../audio/source.ts';
import { UsageError } from '../errors.ts';
import { SAMPLE_RATE } from '../protocol/pcm.ts';
import type { Segment, StreamPlan } from '../scenario/timeline.ts';
import { type Cursor, samplesAt } from './media.ts';

/** Shortest and longest frame that may be asked for, in milliseconds. */
const FRAME_MS_RANGE = { min: 10, max: 1_000 } as const;

/** Frame lengths in milliseconds (10 to 1000) as samples. Throws a `UsageError` for anything else. */
export function frameSamples(frameMs: readonly number[]): readonly number[] {
  if (frameMs.length === 0) {
    throw new UsageError('invalid_frame_ms', 'No frame size was given.', {
      hint: 'Give one or more, such as 100 or 20,100.',
    });
  }
  return frameMs.map((ms) => {
    if (!Number.isFinite(ms) || ms < FRAME_MS_RANGE.min || ms > FRAME_MS_RANGE.max) {
      throw new UsageError('invalid_frame_ms', `A frame of ${ms} ms cannot be sent.`, {
        hint: `Frames are ${FRAME_MS_RANGE.min} to ${FRAME_MS_RANGE.max} ms long.`,
      });
    }
    return Math.round((ms * SAMPLE_RATE) / 1_000);
  });
}

/** Walks a stream of audio. Every frame must be read before advancing past it, because sources are read in order. */
export class FrameCursor implements Cursor<Int16Array> {
  /** Position of the current frame's first sample since the recording started. */
  startSample = 0;
  /** Length of the current frame in samples. */
  samples = 0;
  source: AudioSource | undefined;
  offset = 0;
  done = false;

  readonly #sizes: readonly number[];
  #segments: readonly Segment[];
  #framing: StreamPlan['framing'];
  /** Position of the mute; exclusive. */
  #endSample: number;
  /** Position behind the last frame that was passed. */
  #passedSample: number;
  #sizeIndex = 0;
  #segmentIndex = 0;
  #position: number;
  #reader: AudioReader | undefined;
  #readerOf = -1;
  #scratch: Int16Array | undefined;

  constructor(plan: StreamPlan, sizes: readonly number[]) {
    this.#segments = plan.segments;
    this.#framing = plan.framing;
    this.#endSample = plan.endSample;
    this.#passedSample = plan.startSample;
    this.#sizes = sizes;
    this.#position = plan.segments[0]?.startSample ?? plan.endSample;
    this.#cut();
  }

  /** Position of the mute; exclusive. */
  get endSample(): number {
    return this.#endSample;
  }

  /** The current frame's samples; valid until the next `read()`. */
  read(): Int16Array {
    if (this.source !== undefined) return samplesAt(this.source, this.offset, this.samples);
    const segments = this.#segments;
    const end = this.startSample + this.samples;
    if (this.#scratch === undefined || this.#scratch.length < this.samples)
      this.#scratch = new Int16Array(this.samples);
    const frame = this.#scratch.subarray(0, this.samples);
    let index = this.#segmentIndex;
    let position = this.startSample;
    while (position < end) {
      const part = segments[index]!;
      const partEnd = Math.min(end, part.endSample);
      this.#readPart(
        index,
        part,
        position,
        frame.subarray(position - this.startSample, partEnd - this.startSample),
      );
      position = partEnd;
      if (position >= part.endSample) index++;
    }
    return frame;
  }

  /** Goes to the next frame; sets `done` after the last. */
  advance(): void {
    const segments = this.#segments;
    const framing = this.#framing;
    this.#position = this.startSample + this.samples;
    this.#passedSample = this.#position;
    if (framing === 'by_segment') this.#segmentIndex++;
    else while ((segments[this.#segmentIndex]?.endSample ?? Infinity) <= this.#position) this.#segmentIndex++;
    const segment = segments[this.#segmentIndex];
    // A gap in the segments, or a captured frame with its own position.
    if (segment !== undefined && (segment.startSample > this.#position || framing === 'by_segment')) {
      this.#position = segment.startSample;
    }
    this.#cut();
  }

  /**
   * Changes what comes: everything from `atSample` on is replaced by `segments`, and the stream ends at `endSample`.
   * What has been passed already stays as it was, so the change comes into force after it at the earliest. Returns the
   * position at which it does.
   */
  replaceFrom(
    atSample: number,
    segmentsFrom: (sample: number) => readonly Segment[],
    endSample: number,
  ): number {
    const sample = Math.max(atSample, this.#passedSample);
    const kept = this.#segments
      .filter(({ startSample }) => startSample < sample)
      .map((segment) => (segment.endSample <= sample ? segment : { ...segment, endSample: sample }));
    const added = segmentsFrom(sample);
    if (added.length > 0) this.#framing = 'by_duration';
    this.#segments = [...kept, ...added];
    this.#endSample = Math.max(sample, endSample);
    const index = this.#segments.findIndex((segment) => segment.endSample > this.#passedSample);
    this.#segmentIndex = index === -1 ? this.#segments.length : index;
    this.#position = Math.max(this.#passedSample, this.#segments[this.#segmentIndex]?.startSample ?? 0);
    // The frame that was cut and not passed is cut anew.
    if (!this.done) this.#sizeIndex += this.#sizes.length - 1;
    this.done = false;
    this.#cut();
    return sample;
  }

  cut(atSample: number): number {
    return this.replaceFrom(atSample, () => [], atSample);
  }

  /** Frees the open source. */
  close(): void {
    this.#reader?.close();
    this.#reader = undefined;
    this.#readerOf = -1;
  }

  #cut(): void {
    const segments = this.#segments;
    const segment = segments[this.#segmentIndex];
    if (segment === undefined) {
      this.done = true;
      this.samples = 0;
      this.source = undefined;
      this.startSample = this.#endSample;
      this.close();
      return;
    }
    this.startSample = this.#position;
    this.samples =
      this.#framing === 'by_segment' ? segment.endSample - segment.startSample : this.#nextSize(segment);
    const isWhole = this.#position + this.samples <= segment.endSample;
    this.source = isWhole && segment.source.pcm !== undefined ? segment.source : undefined;
    this.offset = this.#position - segment.startSample;
  }

  #nextSize(segment: Segment): number {
    const segments = this.#segments;
    const size = this.#sizes[this.#sizeIndex++ % this.#sizes.length]!;
    // The frame may run over several segments as long as they touch; it is shorter only before a gap or the mute.
    let end = segment.endSample;
    for (
      let next = this.#segmentIndex + 1;
      end - this.#position < size && segments[next]?.startSample === end;
      next++
    ) {
      end = segments[next]!.endSample;
    }
    return Math.min(size, end - this.#position);
  }

  #readPart(index: number, segment: Segment, position: number, into: Int16Array): void {
    const { pcm } = segment.source;
    if (pcm !== undefined) {
      const offset = position - segment.startSample;
      into.set(pcm.subarray(offset, offset + into.length));
      return;
    }
    if (this.#readerOf !== index) {
      this.#reader?.close();
      this.#reader = segment.source.open();
      this.#readerOf = index;
    }
    this.#reader!.read(into);
  }
}
