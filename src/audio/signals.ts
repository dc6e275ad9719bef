/** Plain signals: silence, tone, noise, and an array that repeats. Seeded where there is chance in them. */
import { SAMPLE_RATE } from '../protocol/pcm.ts';
import { createRandom } from './random.ts';
import type { AudioReader, AudioSource } from './source.ts';

/** Digital silence: zeros. */
export function silenceSource(samples: number): AudioSource {
  return generated(samples, () => () => 0);
}

/** A sine of `hz`; `level` is its amplitude, 0 to 1. */
export function toneSource(options: {
  readonly hz: number;
  readonly samples: number;
  readonly level?: number;
}): AudioSource {
  const { hz, samples, level = 0.3 } = options;
  const step = (2 * Math.PI * hz) / SAMPLE_RATE;
  return generated(samples, () => (position) => Math.round(Math.sin(position * step) * level * 32_767));
}

/** White noise; `level` is its peak, 0 to 1. */
export function noiseSource(options: {
  readonly seed: number;
  readonly samples: number;
  readonly level?: number;
}): AudioSource {
  const { seed, samples, level = 0.1 } = options;
  return generated(samples, () => {
    const random = createRandom(seed, 1);
    return () => Math.round((random.next() * 2 - 1) * level * 32_767);
  });
}

/** Peak of the noise floor in sample values: about -71 dBFS RMS, what an open microphone in a quiet room sends. */
const NOISE_FLOOR_PEAK = 16;
const noiseFloors = new Map<number, Int16Array>();
/** Enough for every participant of a large meeting; more are made anew. */
const NOISE_FLOORS_KEPT = 256;

/** One second of near-silence. The same seed gives the same array object, so that what derives from it can be shared. */
export function noiseFloor(seed: number): Int16Array {
  const known = noiseFloors.get(seed);
  if (known !== undefined) return known;
  const random = createRandom(seed, 2);
  const pcm = Int16Array.from({ length: SAMPLE_RATE }, () =>
    random.integer(-NOISE_FLOOR_PEAK, NOISE_FLOOR_PEAK),
  );
  if (noiseFloors.size >= NOISE_FLOORS_KEPT) noiseFloors.clear();
  noiseFloors.set(seed, pcm);
  return pcm;
}

/** Repeats an array, from its beginning, for `samples`. */
export function loopSource(pcm: Int16Array, samples: number): AudioSource {
  return {
    samples,
    open() {
      let position = 0;
      return checked(samples, (into) => {
        for (let filled = 0; filled < into.length; ) {
          const offset = position % pcm.length;
          const part = pcm.subarray(offset, offset + into.length - filled);
          into.set(part, filled);
          filled += part.length;
          position += part.length;
        }
      });
    },
  };
}

/** A source whose samples are made one by one, in order, by a generator that each reader starts afresh. */
export function generated(samples: number, start: () => (position: number) => number): AudioSource {
  return {
    samples,
    open() {
      const sampleAt = start();
      let position = 0;
      return checked(samples, (into) => {
        for (let index = 0; index < into.length; index++) into[index] = sampleAt(position++);
      });
    },
  };
}

/** A reader that refuses to read past the end. */
export function checked(
  samples: number,
  fill: (into: Int16Array) => void,
  close: () => void = () => {},
): AudioReader {
  let position = 0;
  return {
    read(into) {
      if (position + into.length > samples) {
        throw new RangeError(`read past the end: ${position} + ${into.length} of ${samples} samples`);
      }
      position += into.length;
      fill(into);
    },
    close,
  };
}
