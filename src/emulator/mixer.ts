/** Mixes everybody's audio into one: a ring of sums, added to in any order within its length, read once in order. */
import { SAMPLE_RATE } from '../protocol/pcm.ts';

const MAX = 32_767;
const MIN = -32_768;

/** What a ring begins with; it grows for those who are further ahead. */
const FIRST_SAMPLES = SAMPLE_RATE;

export class Mixer {
  /** Position of the first sample that has not been read. */
  position = 0;
  #sums: Int32Array;
  readonly #maxAhead: number;

  /** `maxAheadSamples`: how far ahead of the reader audio may be added. */
  constructor(maxAheadSamples: number) {
    this.#maxAhead = maxAheadSamples;
    this.#sums = new Int32Array(Math.min(maxAheadSamples, FIRST_SAMPLES));
  }

  /** Adds samples at a position. What has been read already, or lies too far ahead, is left out; returns how many were. */
  add(startSample: number, pcm: Int16Array): number {
    const from = Math.max(startSample, this.position);
    const to = Math.min(startSample + pcm.length, this.position + this.#maxAhead);
    if (to - this.position > this.#sums.length) this.#grow(to - this.position);
    for (let at = from; at < to; at++) this.#sums[at % this.#sums.length]! += pcm[at - startSample]!;
    return pcm.length - Math.max(0, to - from);
  }

  /** The next samples, saturated; silence where nobody spoke. */
  read(into: Int16Array): void {
    for (let index = 0; index < into.length; index++) {
      const at = this.position + index;
      into[index] = Math.max(MIN, Math.min(MAX, this.#take(at)));
    }
    this.position += into.length;
  }

  /** Goes on at a later position. What lies between is forgotten, what lies behind it is kept. */
  skipTo(sample: number): void {
    const to = Math.min(sample, this.position + this.#sums.length);
    for (let at = this.position; at < to; at++) this.#take(at);
    this.position = Math.max(this.position, sample);
  }

  #take(at: number): number {
    // Further ahead than the ring is long nothing has been added.
    if (at - this.position >= this.#sums.length) return 0;
    const index = at % this.#sums.length;
    const sum = this.#sums[index]!;
    this.#sums[index] = 0;
    return sum;
  }

  #grow(samples: number): void {
    const old = this.#sums;
    this.#sums = new Int32Array(Math.min(this.#maxAhead, Math.max(samples, 2 * old.length)));
    for (let at = this.position; at < this.position + old.length; at++)
      this.#sums[at % this.#sums.length] = old[at % old.length]!;
  }
}
