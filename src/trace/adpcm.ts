/**
 * IMA ADPCM: four bits a sample, a quarter of PCM, and as good as one needs to hear what was said. Written here, because it is a
 * page of code and the packages that have it cut audio into blocks of their own. Pure: pages decode with it.
 */

/** From the IMA's "Recommended Practices for Enhancing Digital Audio Compatibility" (1992), as everybody has them. */
const STEPS = [
  7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97,
  107, 118, 130, 143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658, 724,
  796, 876, 963, 1060, 1166, 1282, 1411, 1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660, 4026,
  4428, 4871, 5358, 5894, 6484, 7132, 7845, 8630, 9493, 10442, 11487, 12635, 13899, 15289, 16818, 18500,
  20350, 22385, 24623, 27086, 29794, 32767,
];
const INDEX_CHANGES = [-1, -1, -1, -1, 2, 4, 6, 8];
const MAX_INDEX = STEPS.length - 1;
/** The first sample and the step it begins with. */
const HEAD_BYTES = 3;
/** So many samples say how large the first step has to be. */
const BEGINNING = 16;

/** Where encoder and decoder stand: both go the same way. */
class Predictor {
  sample: number;
  index: number;

  constructor(sample: number, index: number) {
    this.sample = sample;
    this.index = index;
  }

  /** Goes on by what four bits say. */
  follow(code: number): void {
    const step = STEPS[this.index]!;
    let change = step >> 3;
    if ((code & 4) !== 0) change += step;
    if ((code & 2) !== 0) change += step >> 1;
    if ((code & 1) !== 0) change += step >> 2;
    const next = (code & 8) !== 0 ? this.sample - change : this.sample + change;
    this.sample = Math.max(-32_768, Math.min(32_767, next));
    this.index = Math.max(0, Math.min(MAX_INDEX, this.index + INDEX_CHANGES[code & 7]!));
  }

  /** The four bits that come nearest to a sample. */
  codeFor(sample: number): number {
    const step = STEPS[this.index]!;
    const difference = sample - this.sample;
    const size = Math.min(7, Math.floor((Math.abs(difference) * 4) / step));
    return difference < 0 ? size | 8 : size;
  }
}

/** Mono samples as bytes. Empty for none. */
export function encodeAdpcm(pcm: Int16Array): Uint8Array {
  const [first] = pcm;
  if (first === undefined) return new Uint8Array(0);
  const bytes = new Uint8Array(HEAD_BYTES + Math.ceil(pcm.length / 2));
  const predictor = new Predictor(first, firstIndex(pcm));
  bytes[0] = first & 0xff;
  bytes[1] = (first >> 8) & 0xff;
  bytes[2] = predictor.index;
  for (let at = 0; at < pcm.length; at++) {
    const code = predictor.codeFor(pcm[at]!);
    predictor.follow(code);
    bytes[HEAD_BYTES + (at >> 1)]! |= (at & 1) === 0 ? code : code << 4;
  }
  return bytes;
}

/** `samples`: how many there are in it. What bytes do not have is silence. */
export function decodeAdpcm(bytes: Uint8Array, samples: number): Int16Array {
  const pcm = new Int16Array(samples);
  if (bytes.length < HEAD_BYTES) return pcm;
  const first = ((bytes[0]! | (bytes[1]! << 8)) << 16) >> 16;
  const predictor = new Predictor(first, Math.min(MAX_INDEX, bytes[2]!));
  const there = Math.min(samples, (bytes.length - HEAD_BYTES) * 2);
  for (let at = 0; at < there; at++) {
    const pair = bytes[HEAD_BYTES + (at >> 1)]!;
    predictor.follow((at & 1) === 0 ? pair & 15 : pair >> 4);
    pcm[at] = predictor.sample;
  }
  return pcm;
}

function firstIndex(pcm: Int16Array): number {
  let largest = 0;
  for (let at = 1; at < Math.min(BEGINNING, pcm.length); at++)
    largest = Math.max(largest, Math.abs(pcm[at]! - pcm[at - 1]!));
  const index = STEPS.findIndex((step) => step * 2 >= largest);
  return index === -1 ? MAX_INDEX : index;
}
