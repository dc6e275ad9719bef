/**
 * Lateness: how long after its deadline a frame was handed to its socket. An HDR histogram of microseconds, sized for
 * what is usual, so that ten thousand of them stay small; it grows with what it sees.
 */
import { build, type Histogram } from 'hdr-histogram-js';

/** Milliseconds. All zero when nothing was recorded. */
export interface LatenessSummary {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Nearly all frames are less late than 20 ms; growing while frames fall due would make more of them late. */
const USUAL_MICROS = 20_000;

export class Lateness {
  readonly #histogram: Histogram = build({
    bitBucketSize: 32,
    autoResize: true,
    lowestDiscernibleValue: 1,
    highestTrackableValue: USUAL_MICROS,
    numberOfSignificantValueDigits: 2,
  });

  record(ms: number): void {
    this.#histogram.recordValue(Math.max(0, Math.round(ms * 1_000)));
  }

  add(other: Lateness): void {
    this.#histogram.add(other.#histogram);
  }

  summary(): LatenessSummary {
    if (this.#histogram.totalCount === 0) return { p50: 0, p99: 0, max: 0 };
    const { maxValue } = this.#histogram;
    // A percentile is the upper end of its bucket, which may lie above the largest value there was.
    const ms = (percentile: number): number =>
      Math.min(this.#histogram.getValueAtPercentile(percentile), maxValue) / 1_000;
    return { p50: ms(50), p99: ms(99), max: maxValue / 1_000 };
  }
}
