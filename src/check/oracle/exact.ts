/**
 * Finds exact copies: every 80th window of what was sent is in a hash index, a rolling hash goes over what was kept, and
 * each hit is extended both ways, sample by sample. Any copied stretch of 159 samples (10 ms) or more is found.
 */
import type { Range, Sent } from './sent.ts';

/** A window and the step between two; together they are what can be found. */
const WINDOW = 80;
const MULTIPLIER = 0x01000193;
/** Audio that repeats itself has one window at many places: as many are tried. */
const MAX_CANDIDATES = 64;
/** Candidates are compared over this much, half a second; the best of them to its end. */
const COMPARED = 8_000;

/** A copy: samples `from` to `from + length` of a track stand at `at` in what was kept. */
export interface Copy {
  /** Index into `Sent.tracks`. */
  readonly track: number;
  readonly from: number;
  readonly at: number;
  readonly length: number;
}

export interface ExactIndex {
  /** Copies in `kept` (S16LE values), in order and apart. `prefer`: the track that is meant where several have the same audio. */
  locate(kept: Int16Array, prefer?: number): Copy[];
}

export function exactIndex(sent: Sent): ExactIndex {
  const windows = new WindowTable(sent);
  return { locate: (kept, prefer) => new Search(sent, windows, kept, prefer).run() };
}

function hashOf(pcm: Int16Array, start: number): number {
  let hash = 0;
  for (let index = start; index < start + WINDOW; index++)
    hash = (Math.imul(hash, MULTIPLIER) + pcm[index]!) | 0;
  return hash;
}

/** What the oldest sample of a window counts for, once one more is taken in. */
const OLDEST = Array.from({ length: WINDOW }).reduce<number>((power) => Math.imul(power, MULTIPLIER), 1);

/** Windows by their hash: heads of chains, in plain arrays because there are millions. */
class WindowTable {
  readonly hashes: Int32Array;
  readonly tracks: Uint16Array;
  readonly positions: Int32Array;
  readonly #heads: Int32Array;
  readonly #next: Int32Array;
  readonly #shift: number;

  constructor(sent: Sent) {
    let capacity = 1;
    for (const { ranges } of sent.tracks)
      for (const { start, end } of ranges) capacity += Math.ceil((end - start) / WINDOW);
    const bits = Math.max(8, Math.ceil(Math.log2(capacity)) + 1);
    this.#shift = 32 - bits;
    this.#heads = new Int32Array(2 ** bits).fill(-1);
    this.#next = new Int32Array(capacity);
    this.hashes = new Int32Array(capacity);
    this.tracks = new Uint16Array(capacity);
    this.positions = new Int32Array(capacity);
    let count = 0;
    for (const [track, { pcm, ranges }] of sent.tracks.entries()) {
      let last = 0;
      for (const { start, end } of ranges) {
        for (let position = start; position + WINDOW <= end; position += WINDOW) {
          const hash = hashOf(pcm, position);
          // Zeros stand nowhere, and what goes on unchanged stands where it begins.
          if (hash === last || isZero(pcm, position, WINDOW)) continue;
          last = hash;
          const slot = this.#slot(hash);
          this.hashes[count] = hash;
          this.tracks[count] = track;
          this.positions[count] = position;
          this.#next[count] = this.#heads[slot]!;
          this.#heads[slot] = count++;
        }
      }
    }
  }

  #slot(hash: number): number {
    return Math.imul(hash ^ (hash >>> 15), 0x9e3779b1) >>> this.#shift;
  }

  first(hash: number): number {
    return this.#heads[this.#slot(hash)]!;
  }

  after(entry: number): number {
    return this.#next[entry]!;
  }
}

function isZero(pcm: Int16Array, start: number, length: number): boolean {
  for (let index = start; index < start + length; index++) if (pcm[index] !== 0) return false;
  return true;
}

/** One pass over what was kept. */
class Search {
  readonly #sent: Sent;
  readonly #windows: WindowTable;
  readonly #kept: Int16Array;
  readonly #prefer: number | undefined;
  readonly #found: Copy[] = [];

  constructor(sent: Sent, windows: WindowTable, kept: Int16Array, prefer: number | undefined) {
    this.#sent = sent;
    this.#windows = windows;
    this.#kept = kept;
    this.#prefer = prefer;
  }

  run(): Copy[] {
    for (let at = 0; at < this.#kept.length; ) {
      const copy = this.#expectedAt(at) ?? this.#searchFrom(at);
      if (copy === undefined) break;
      this.#found.push(copy);
      at = copy.at + copy.length;
    }
    return this.#found;
  }

  /** Where it stands when the receiver did nothing unusual: quick, and right where audio repeats itself. */
  #expectedAt(at: number): Copy | undefined {
    let start = at;
    while (start < this.#kept.length && this.#kept[start] === 0) start++;
    const last = this.#found.at(-1);
    if (last !== undefined) {
      const next = this.#sent.tracks[last.track]!.ranges.find(
        (range) => range.start >= last.from + last.length,
      );
      const copy = next && this.#copyAt(last.track, next.start, at);
      if (copy !== undefined) return copy;
    }
    const track = last?.track ?? this.#prefer;
    if (track === undefined) return undefined;
    const moved = last === undefined ? 0 : last.from - last.at;
    return this.#copyAt(track, start + moved, start) ?? this.#copyAt(track, start, start);
  }

  /** A copy through these two positions, if a window of them (or all to the range's end) is the same. */
  #copyAt(track: number, from: number, at: number): Copy | undefined {
    const { pcm, ranges } = this.#sent.tracks[track]!;
    const range = rangeAt(ranges, from);
    if (range === undefined) return undefined;
    const length = Math.min(WINDOW, range.end - from, this.#kept.length - at);
    if (length <= 0 || isZero(pcm, from, length)) return undefined;
    for (let index = 0; index < length; index++)
      if (pcm[from + index] !== this.#kept[at + index]) return undefined;
    return this.#extended(track, range, from, at);
  }

  #searchFrom(from: number): Copy | undefined {
    const kept = this.#kept;
    const windows = this.#windows;
    let at = from;
    while (at < kept.length && kept[at] === 0) at++;
    at = Math.max(from, at - WINDOW + 1);
    if (at + WINDOW > kept.length) return undefined;
    let hash = hashOf(kept, at);
    for (;;) {
      for (let entry = windows.first(hash); entry !== -1; entry = windows.after(entry)) {
        if (windows.hashes[entry] !== hash) continue;
        const copy = this.#bestOf(hash, at);
        if (copy !== undefined) return copy;
        break;
      }
      if (at + WINDOW >= kept.length) return undefined;
      hash = (Math.imul(hash, MULTIPLIER) + kept[at + WINDOW]! - Math.imul(OLDEST, kept[at]!)) | 0;
      at++;
    }
  }

  /** Of all places with this window the one that is the same for longest; the preferred track where it makes no difference. */
  #bestOf(hash: number, at: number): Copy | undefined {
    const windows = this.#windows;
    let best: { track: number; range: Range; from: number } | undefined;
    let bestLength = 0;
    let tried = 0;
    for (
      let entry = windows.first(hash);
      entry !== -1 && tried < MAX_CANDIDATES;
      entry = windows.after(entry)
    ) {
      if (windows.hashes[entry] !== hash) continue;
      tried++;
      const track = windows.tracks[entry]!;
      const from = windows.positions[entry]!;
      const { pcm, ranges } = this.#sent.tracks[track]!;
      const range = rangeAt(ranges, from)!;
      const length = same(pcm, from, Math.min(range.end, from + COMPARED), this.#kept, at);
      if (length < WINDOW || length < bestLength) continue;
      if (length === bestLength && track !== this.#prefer) continue;
      best = { track, range, from };
      bestLength = length;
    }
    return best && this.#extended(best.track, best.range, best.from, at);
  }

  #extended(track: number, range: Range, from: number, at: number): Copy {
    const { pcm } = this.#sent.tracks[track]!;
    const last = this.#found.at(-1);
    const earliest = last === undefined ? 0 : last.at + last.length;
    let back = 0;
    while (
      from - back > range.start &&
      at - back > earliest &&
      pcm[from - back - 1] === this.#kept[at - back - 1]
    )
      back++;
    return {
      track,
      from: from - back,
      at: at - back,
      length: back + same(pcm, from, range.end, this.#kept, at),
    };
  }
}

/** How many samples from here on are the same. */
function same(pcm: Int16Array, from: number, end: number, kept: Int16Array, at: number): number {
  const most = Math.min(end - from, kept.length - at);
  let length = 0;
  while (length < most && pcm[from + length] === kept[at + length]) length++;
  return length;
}

/** The range that a position is in; by halves, because there may be thousands. */
function rangeAt(ranges: readonly Range[], position: number): Range | undefined {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = ranges[middle]!;
    if (position < range.start) high = middle - 1;
    else if (position >= range.end) low = middle + 1;
    else return range;
  }
  return undefined;
}
