/**
 * The pauses of speech in a lossy copy: codecs of few bits put a noise of their own in place of the room's. A short one between two
 * pieces of one copy is the copy's, too, if both sides are as quiet there.
 */
import type { Copy } from './exact.ts';
import { RATIO } from './narrow.ts';

/** What codecs spoil is as short: 0.15 s, at 16 kHz. */
const MAX_PAUSE = 2_400;
/** Pieces whose places differ by so many samples are of one copy. */
const NEAR = 8;
/** Of the energy of the pieces beside it: a pause is 15 dB below them. */
const QUIET = 10 ** (-15 / 10);
/** So much more or less energy is no noise for another: 10 dB. */
const ALIKE = 10;

/** `signal` at 4 kHz, `tracks` and all positions at 16 kHz. `copies` in order and apart. */
export function bridged<Piece extends Copy>(
  copies: readonly Piece[],
  signal: Float32Array,
  tracks: readonly Float32Array[],
): Piece[] {
  const result: Piece[] = [];
  for (const copy of copies) {
    const before = result.at(-1);
    if (before !== undefined && isPause(before, copy, signal, tracks[copy.track]!))
      result[result.length - 1] = { ...before, length: copy.at + copy.length - before.at };
    else result.push(copy);
  }
  return result;
}

function isPause(before: Copy, after: Copy, signal: Float32Array, sent: Float32Array): boolean {
  const at = before.at + before.length;
  const shift = after.from - after.at;
  if (before.track !== after.track || Math.abs(before.from - before.at - shift) > NEAR) return false;
  if (after.at <= at || after.at - at > MAX_PAUSE) return false;
  const around = Math.max(power(signal, before.at, at), power(signal, after.at, after.at + after.length));
  const there = powerAt(sent, at + shift, after.at + shift);
  const here = power(signal, at, after.at);
  const isQuiet = here <= around * QUIET && there <= around * QUIET;
  return isQuiet && here * ALIKE >= there && there * ALIKE >= here;
}

/** Mean energy of a signal at 4 kHz, between positions at 16 kHz. */
function power(signal: Float32Array, start: number, end: number): number {
  const [first, last] = [Math.floor(start / RATIO), Math.floor(end / RATIO)];
  let sum = 0;
  for (let index = first; index < last; index++) sum += signal[index]! ** 2;
  return sum / Math.max(1, last - first);
}

/** The same of what was sent, of which every fourth sample is compared. */
function powerAt(sent: Float32Array, start: number, end: number): number {
  let sum = 0;
  for (let index = start; index < end; index += RATIO) sum += (sent[index] ?? 0) ** 2;
  return sum / Math.max(1, Math.ceil((end - start) / RATIO));
}
