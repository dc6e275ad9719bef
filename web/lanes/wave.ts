/** The bars of a waveform: of the peaks that share a pixel the loudest. */
import type { View } from './view.ts';

/** Peaks of a report are of so many seconds each. */
export const PEAK_SECONDS = 0.02;
/** A bar with its gap is no narrower. */
const MIN_BAR_PX = 1;

export interface WaveBars {
  readonly peaks: readonly number[];
  /** Where the first begins, in seconds. */
  readonly from: number;
  readonly secondsEach: number;
}

/** Bars of the part of `peaks` that is drawn. They stand at the same times wherever it begins, so that nothing flickers. */
export function barsIn(peaks: ArrayLike<number>, { from, to, pxPerSecond }: View): WaveBars {
  const each = Math.max(1, Math.ceil(MIN_BAR_PX / (PEAK_SECONDS * pxPerSecond)));
  const secondsEach = each * PEAK_SECONDS;
  const first = Math.max(0, Math.floor(from / secondsEach));
  const end = Math.min(Math.ceil(peaks.length / each), Math.ceil(to / secondsEach));
  const bars: number[] = [];
  for (let bar = first; bar < end; bar++) {
    let loudest = 0;
    for (let at = bar * each; at < (bar + 1) * each && at < peaks.length; at++)
      loudest = Math.max(loudest, peaks[at]!);
    bars.push(loudest);
  }
  return { peaks: bars, from: first * secondsEach, secondsEach };
}
