/**
 * A histogram of times: how late frames left, how long dials and pings took. An HDR histogram of microseconds, sized for
 * what is usual of lateness, so that ten thousand of them stay small; it grows with what it sees.
 */
import type { Histogram as HdrHistogram } from 'hdr-histogram-js';
// From its parts: the whole package makes formatters of logs as it is loaded, which took longer than all else in it.
import { decodeFromCompressedBase64, encodeIntoCompressedBase64 } from 'hdr-histogram-js/dist/encoding.js';
import { build } from 'hdr-histogram-js/dist/HistogramBuilder.js';

/** Milliseconds. All zero when nothing was recorded. */
export interface HistogramSummary {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Nearly all frames are less late than 20 ms; growing while frames fall due would make more of them late. */
const USUAL_MICROS = 20_000;

export class Histogram {
  readonly #histogram: HdrHistogram = build({
    bitBucketSize: 32,
    autoResize: true,
    lowestDiscernibleValue: 1,
    highestTrackableValue: USUAL_MICROS,
    numberOfSignificantValueDigits: 2,
  });

  record(ms: number): void {
    this.#histogram.recordValue(Math.max(0, Math.round(ms * 1_000)));
  }

  add(other: Histogram): void {
    this.#histogram.add(other.#histogram);
  }

  get count(): number {
    return this.#histogram.totalCount;
  }

  /** As text, to be sent to another thread. */
  encode(): string {
    return encodeIntoCompressedBase64(this.#histogram);
  }

  /** Adds what `encode` gave. */
  addEncoded(text: string): void {
    this.#histogram.add(decodeFromCompressedBase64(text, 32));
  }

  /** The value that so many percent of the recorded ones do not exceed; 0 when there is none. */
  percentile(percent: number): number {
    const { totalCount, maxValue } = this.#histogram;
    if (totalCount === 0) return 0;
    return Math.min(this.#histogram.getValueAtPercentile(percent), maxValue) / 1_000;
  }

  reset(): void {
    this.#histogram.reset();
  }

  summary(): HistogramSummary {
    if (this.#histogram.totalCount === 0) return { p50: 0, p99: 0, max: 0 };
    // A percentile is the upper end of its bucket, which may lie above the largest value there was.
    return { p50: this.percentile(50), p99: this.percentile(99), max: this.#histogram.maxValue / 1_000 };
  }
}
