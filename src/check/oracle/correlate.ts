/** Where a stretch of audio is most alike to what was sent: normalised cross-correlation, by FFT over blocks. */

/** A power of two, some times longer than what is looked for. */
const BLOCK = 8_192;
/** The longest stretch that can be looked for. */
const MAX_CHUNK = 2_048;
const STEP = BLOCK - MAX_CHUNK;

export interface Likeness {
  readonly track: number;
  /** Position in the track at which the stretch begins. */
  readonly from: number;
  /** -1 to 1; 1 is the same up to its level. */
  readonly value: number;
}

const CANDIDATES = 8;
/** However much was sent, so many stretches are looked for in all of it. */
const MIN_SEARCHES = 40;
/** Places so near to each other are one. */
const NEAR = 3;

/** Keeps the list sorted, short, and its places apart. */
function admit(best: Likeness[], place: Likeness): void {
  const near = best.findIndex(
    ({ track, from }) => track === place.track && Math.abs(from - place.from) <= NEAR,
  );
  if (near !== -1 && best[near]!.value >= place.value) return;
  if (near !== -1) best.splice(near, 1);
  const after = best.findIndex(({ value }) => value < place.value);
  best.splice(after === -1 ? best.length : after, 0, place);
  if (best.length > CANDIDATES) best.pop();
}

export class Correlator {
  readonly #tracks: readonly Float32Array[];
  /** Sums of squares up to each sample. */
  readonly #energies: readonly Float64Array[];
  /** By track and block, made when first needed: real parts, then imaginary. */
  readonly #spectra: Float32Array[][];
  readonly #fft = new Fft(BLOCK);
  readonly #real = new Float64Array(BLOCK);
  readonly #imaginary = new Float64Array(BLOCK);
  /** How many blocks may still be looked at: hours of audio that nobody sent must not take hours. */
  #blocksLeft = 0;
  readonly #effort: number;

  constructor(tracks: readonly Float32Array[], blocks: number) {
    this.#tracks = tracks;
    this.#energies = tracks.map(energySums);
    this.#spectra = tracks.map(() => []);
    const all = tracks.reduce((sum, { length }) => sum + Math.ceil(length / STEP), 0);
    this.#effort = Math.max(blocks, MIN_SEARCHES * all);
    this.refresh();
  }

  /** To be called for each file: one that takes long takes nothing from the others. */
  refresh(): void {
    this.#blocksLeft = this.#effort;
  }

  /**
   * The most alike places of all tracks, the best first; none when no effort is left. Between two samples at 4 kHz the best
   * place can look worse than one a pitch period away, so the caller looks closer at each.
   */
  candidates(chunk: Float32Array): readonly Likeness[] {
    const chunkEnergy = chunk.reduce((sum, value) => sum + value * value, 0);
    if (chunkEnergy === 0 || this.#blocksLeft <= 0) return [];
    const chunkReal = new Float64Array(BLOCK);
    const chunkImaginary = new Float64Array(BLOCK);
    chunkReal.set(chunk);
    this.#fft.transform(chunkReal, chunkImaginary);
    const best: Likeness[] = [];
    for (const [track, signal] of this.#tracks.entries()) {
      const energy = this.#energies[track]!;
      for (let start = 0; start + chunk.length <= signal.length; start += STEP) {
        this.#blocksLeft--;
        this.#correlate(track, start, chunkReal, chunkImaginary);
        const lags = Math.min(STEP, signal.length - chunk.length - start + 1);
        for (let lag = 0; lag < lags; lag++) {
          const from = start + lag;
          const product = this.#real[lag]! / BLOCK;
          if (product <= 0) continue;
          const sentEnergy = energy[from + chunk.length]! - energy[from]!;
          // Far quieter than what is looked for is noise that only looks alike.
          if (sentEnergy < chunkEnergy * 1e-6) continue;
          const value = product / Math.sqrt(chunkEnergy * sentEnergy);
          if (value > (best.at(-1)?.value ?? 0) || best.length < CANDIDATES)
            admit(best, { track, from, value });
        }
      }
    }
    return best;
  }

  /** Leaves the correlation with one block, by lag, in `#real`, times the block's length. */
  #correlate(track: number, start: number, chunkReal: Float64Array, chunkImaginary: Float64Array): void {
    const spectrum = this.#spectrum(track, start);
    for (let bin = 0; bin < BLOCK; bin++) {
      const real = spectrum[bin]!;
      const imaginary = spectrum[BLOCK + bin]!;
      // Conjugated twice: of the chunk for correlation, of the whole to transform back with the same FFT.
      this.#real[bin] = real * chunkReal[bin]! + imaginary * chunkImaginary[bin]!;
      this.#imaginary[bin] = real * chunkImaginary[bin]! - imaginary * chunkReal[bin]!;
    }
    this.#fft.transform(this.#real, this.#imaginary);
  }

  #spectrum(track: number, start: number): Float32Array {
    const known = this.#spectra[track]![start / STEP];
    if (known !== undefined) return known;
    const real = new Float64Array(BLOCK);
    const imaginary = new Float64Array(BLOCK);
    real.set(this.#tracks[track]!.subarray(start, start + BLOCK));
    this.#fft.transform(real, imaginary);
    const spectrum = new Float32Array(2 * BLOCK);
    spectrum.set(real);
    spectrum.set(imaginary, BLOCK);
    this.#spectra[track]![start / STEP] = spectrum;
    return spectrum;
  }
}

function energySums(signal: Float32Array): Float64Array {
  const sums = new Float64Array(signal.length + 1);
  for (let index = 0; index < signal.length; index++)
    sums[index + 1] = sums[index]! + signal[index]! * signal[index]!;
  return sums;
}

/** Cooley and Tukey's, radix 2, in place. */
class Fft {
  readonly #size: number;
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;
  readonly #reversed: Uint32Array;

  constructor(size: number) {
    this.#size = size;
    this.#cos = Float64Array.from({ length: size / 2 }, (_, index) => Math.cos((2 * Math.PI * index) / size));
    this.#sin = Float64Array.from({ length: size / 2 }, (_, index) => Math.sin((2 * Math.PI * index) / size));
    this.#reversed = new Uint32Array(size);
    for (let index = 1; index < size; index++)
      this.#reversed[index] = (this.#reversed[index >> 1]! >> 1) | (index & 1 ? size >> 1 : 0);
  }

  transform(real: Float64Array, imaginary: Float64Array): void {
    const size = this.#size;
    for (let index = 0; index < size; index++) {
      const other = this.#reversed[index]!;
      if (other <= index) continue;
      [real[index], real[other]] = [real[other]!, real[index]!];
      [imaginary[index], imaginary[other]] = [imaginary[other]!, imaginary[index]!];
    }
    for (let half = 1; half < size; half *= 2) {
      const stride = size / (2 * half);
      for (let start = 0; start < size; start += 2 * half) {
        for (let index = 0; index < half; index++) {
          const cos = this.#cos[index * stride]!;
          const sin = -this.#sin[index * stride]!;
          const low = start + index;
          const high = low + half;
          const turnedReal = real[high]! * cos - imaginary[high]! * sin;
          const turnedImaginary = real[high]! * sin + imaginary[high]! * cos;
          real[high] = real[low]! - turnedReal;
          imaginary[high] = imaginary[low]! - turnedImaginary;
          real[low]! += turnedReal;
          imaginary[low]! += turnedImaginary;
        }
      }
    }
  }
}
