/**
 * The band in which audio is compared that is no exact copy: below 1.8 kHz, which every codec keeps, whatever the rate.
 * Signals are at 4 kHz, and what was sent also at 16 kHz, so that one can be laid over the other to a sixteenth of a millisecond.
 */

import { SAMPLE_RATE } from '../../protocol/pcm.ts';

const NARROW_RATE = 4_000;
/** Samples at 16 kHz to one of these. */
export const RATIO = SAMPLE_RATE / NARROW_RATE;
const CUT_HZ = 1_700;
/** Half the width of the low-pass. */
const HALF_SECONDS = 0.0025;
/** Lifts what is high: the pitch of two voices is alike, their sounds are not. */
const EMPHASIS = 0.8;
/** Places between two input samples for which the filter is made. */
const PHASES = 64;

/** Interleaved samples of one channel at `rate`, low-passed and read at `outputRate`. */
export function narrowed(
  samples: Int16Array,
  format: {
    readonly rate: number;
    readonly channels?: number;
    readonly channel?: number;
    readonly outputRate?: number;
  },
): Float32Array {
  const { rate, channels = 1, channel = 0, outputRate = NARROW_RATE } = format;
  const blocks = Math.floor((samples.length - channel + channels - 1) / channels);
  const step = rate / outputRate;
  const half = Math.ceil(HALF_SECONDS * rate);
  const filters = lowPasses(rate, half);
  const output = new Float32Array(Math.floor(blocks / step));
  for (let index = 0; index < output.length; index++) {
    const place = index * step;
    const center = Math.floor(place);
    const filter = filters[Math.floor((place - center) * PHASES)]!;
    const first = Math.max(0, center - half);
    const last = Math.min(blocks - 1, center + half);
    let sum = 0;
    for (let at = first; at <= last; at++)
      sum += samples[at * channels + channel]! * filter[at - center + half]!;
    output[index] = sum;
  }
  emphasise(output, outputRate / NARROW_RATE);
  return output;
}

function emphasise(signal: Float32Array, distance: number): void {
  for (let index = signal.length - 1; index >= distance; index--)
    signal[index]! -= EMPHASIS * signal[index - distance]!;
}

/** A Hann-windowed sinc for every phase; each lets through a constant unchanged. */
function lowPasses(rate: number, half: number): Float32Array[] {
  return Array.from({ length: PHASES }, (_, phase) => {
    const filter = new Float32Array(2 * half + 1);
    let sum = 0;
    for (let tap = 0; tap < filter.length; tap++) {
      const distance = tap - half - phase / PHASES;
      const angle = (2 * Math.PI * CUT_HZ * distance) / rate;
      const sinc = angle === 0 ? 1 : Math.sin(angle) / angle;
      const window = Math.abs(distance) > half ? 0 : 0.5 + 0.5 * Math.cos((Math.PI * distance) / half);
      filter[tap] = sinc * window;
      sum += filter[tap]!;
    }
    return filter.map((weight) => weight / sum);
  });
}
