/** Audio that is nowhere like itself: a tone that hops. So a piece of it is found again, and told from any other. */

const HOP_SECONDS = 0.05;
const AMPLITUDE = 9_000;

/** The same at every rate. */
export function hoppingTone(seconds: number, rate: number): Int16Array {
  const pcm = new Int16Array(seconds * rate);
  let phase = 0;
  for (let index = 0; index < pcm.length; index++) {
    phase += (2 * Math.PI * frequencyAt(index / rate)) / rate;
    pcm[index] = Math.round(AMPLITUDE * Math.sin(phase));
  }
  return pcm;
}

/** 300 to 3,000 Hz, by a generator of pseudo-random numbers. */
function frequencyAt(seconds: number): number {
  const hop = Math.floor(seconds / HOP_SECONDS + 1e-6);
  return 300 + ((Math.imul(hop + 1, 2_654_435_761) >>> 0) % 2_700);
}

/** A WAV file of it. */
export function wavOf(pcm: Int16Array, rate: number): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + pcm.length * 2, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(pcm.length * 2, 40);
  return Buffer.concat([header, Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength)]);
}

/** How alike two pieces of the same length are: 1 for the same, louder or quieter. */
function likeness(a: Int16Array, aFrom: number, b: Int16Array, bFrom: number, length: number): number {
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let index = 0; index < length; index++) {
    const x = a[aFrom + index]!;
    const y = b[bFrom + index]!;
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa === 0 || bb === 0 ? 0 : ab / Math.sqrt(aa * bb);
}

/** Of a piece: so many samples tell whether it is worth comparing all of it. */
const SAMPLE = 160;

/** Where a piece of `heard` stands in `said`, and how alike they are there. */
export function placeOf(
  heard: Int16Array,
  from: number,
  length: number,
  said: Int16Array,
): { readonly at: number; readonly likeness: number } {
  let best = { at: 0, likeness: -1 };
  for (let at = 0; at + length <= said.length; at++) {
    if (likeness(heard, from, said, at, SAMPLE) < 0.8) continue;
    const alike = likeness(heard, from, said, at, length);
    if (alike > best.likeness) best = { at, likeness: alike };
  }
  return best;
}
