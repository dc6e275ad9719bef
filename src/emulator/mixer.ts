/** Mixes everybody's audio into one: a ring of sums, added to in any order within its length, read once in order. */

const MAX = 32_767;
const MIN = -32_768;

export class Mixer {
  /** Position of the first sample that has not been read. */
  position = 0;
  readonly #sums: Int32Array;

  /** `capacitySamples`: how far ahead of the reader audio may be added. */
  constructor(capacitySamples: number) {
    this.#sums = new Int32Array(capacitySamples);
  }

  /** Adds samples at a position. What has been read already, or lies too far ahead, is left out; returns how many were. */
  add(startSample: number, pcm: Int16Array): number {
    const from = Math.max(startSample, this.position);
    const to = Math.min(startSample + pcm.length, this.position + this.#sums.length);
    for (let at = from; at < to; at++) this.#sums[at % this.#sums.length]! += pcm[at - startSample]!;
    return pcm.length - Math.max(0, to - from);
  }

  /** The next samples, saturated; silence where nobody spoke. */
  read(into: Int16Array): void {
    for (let index = 0; index < into.length; index++) {
      const at = (this.position + index) % this.#sums.length;
      into[index] = Math.max(MIN, Math.min(MAX, this.#sums[at]!));
      this.#sums[at] = 0;
    }
    this.position += into.length;
  }

  /** Goes on at a later position; what lies between is forgotten. */
  skipTo(sample: number): void {
    if (sample <= this.position) return;
    this.#sums.fill(0);
    this.position = sample;
  }
}
