/**
 * Finds copies that are not exact: resampled, quieter, from a lossy codec. A quarter of a second is looked for in all that was sent;
 * where that is found, the copy is followed both ways for as long as the two are alike, in steps of 5 ms.
 */
import { SAMPLE_RATE } from '../../protocol/pcm.ts';
import { bridged } from './bridge.ts';
import { Correlator } from './correlate.ts';
import type { Copy } from './exact.ts';
import { narrowed, RATIO } from './narrow.ts';
import type { Sent } from './sent.ts';

const CHUNK = 1_000;
/** The shortest file that is looked for: 0.1 s. */
const MIN_CHUNK = 400;
/** With the chunk it makes 0.375 s: any copy that long is found. */
const HOP = 500;
/** Less alike is no copy. */
const ALIKE = 0.75;
/** What is compared at once when a copy is followed, and the step: 20 and 5 ms. */
const BLOCK = 80;
const STEP = 20;
/** A stretch this long that is not alike ends a copy: shorter ones are the codec's. */
const HOLE = 160;
/** Of the loudest chunk of what was kept: quieter is silence, whatever noise it has. */
const QUIET = 0.001;
/** Some ten seconds of work; what is not found by then stays unknown. */
const MAX_BLOCKS = 4_000;
/** Of the loudest third of a file, for a third to be looked for. */
const AUDIBLE = 0.02;

/** `gain` times what was sent is there. */
export interface LossyCopy extends Copy {
  readonly gain: number;
  /** -1 to 1. */
  readonly likeness: number;
}

/** How what was kept lies over a track: `shift` is added, at 16 kHz, for the position in the track. */
interface Place {
  readonly track: number;
  readonly shift: number;
  readonly gain: number;
  readonly likeness: number;
}

/** A place and how far it holds: `at` and `end` (exclusive) at 4 kHz in what was kept. */
interface Trail extends Place {
  readonly at: number;
  readonly end: number;
}

/** What was sent, in the band of comparison; made once for all that is compared with it. */
export class LossyIndex {
  readonly tracks: readonly Float32Array[];
  readonly #correlator: Correlator;

  constructor(sent: Sent) {
    this.tracks = sent.tracks.map(({ pcm }) => narrowed(pcm, { rate: SAMPLE_RATE, outputRate: SAMPLE_RATE }));
    const thinned = this.tracks.map((track) => {
      const every = new Float32Array(Math.ceil(track.length / RATIO));
      for (let index = 0; index < every.length; index++) every[index] = track[index * RATIO]!;
      return every;
    });
    this.#correlator = new Correlator(thinned, MAX_BLOCKS);
  }

  /** To be called before each file: the effort for one is bounded. */
  refresh(): void {
    this.#correlator.refresh();
  }

  /** How alike the loudest stretches of a signal at 4 kHz are to what was sent, 0 to 1. */
  likeness(signal: Float32Array): number {
    const length = Math.min(CHUNK, Math.floor(signal.length / 3));
    if (length < MIN_CHUNK / 2) return 0;
    const part = Math.floor(signal.length / 3);
    const starts = [0, 1, 2].map(
      (third) => third * part + loudest(signal.subarray(third * part, (third + 1) * part), length),
    );
    const most = Math.max(...starts.map((start) => energy(signal, start, length)));
    // Before the first word there is nothing but a codec's noise.
    const values = starts
      .filter((start) => energy(signal, start, length) >= most * AUDIBLE)
      .map((start) => this.#sought(signal, start, length)?.likeness ?? 0)
      .sort((a, b) => b - a);
    // One of three may be an edit.
    return ((values[0] ?? 0) + (values[1] ?? values[0] ?? 0)) / 2;
  }

  /** Copies in a signal at 4 kHz, in order and apart; positions and lengths at 16 kHz. */
  locate(signal: Float32Array, prefer?: number): LossyCopy[] {
    const size = Math.min(CHUNK, signal.length);
    if (size < MIN_CHUNK) return [];
    const floor = energy(signal, loudest(signal, size), size) * QUIET;
    const trails: Trail[] = [];
    const end = signal.length - size;
    for (let at = 0; at <= end; ) {
      const trail =
        energy(signal, at, size) <= floor
          ? undefined
          : this.#trailAt(signal, at, size, trails.at(-1), prefer);
      if (trail !== undefined) keep(trail, trails);
      const next = Math.max(at + HOP, trail?.end ?? 0);
      // The last stretch is looked at, too, however much of it is known already.
      at = next > end && at < end && (trail?.end ?? 0) < signal.length ? end : next;
    }
    const copies = this.#apart(signal, trails).map(({ track, shift, at, end, gain, likeness }) => ({
      track,
      from: at * RATIO + shift,
      at: at * RATIO,
      length: (end - at) * RATIO,
      gain,
      likeness,
    }));
    return bridged(copies, signal, this.tracks);
  }

  #trailAt(
    signal: Float32Array,
    at: number,
    size: number,
    last: Trail | undefined,
    prefer?: number,
  ): Trail | undefined {
    const guesses = [
      ...(last === undefined ? [] : [{ track: last.track, shift: last.shift }]),
      ...(prefer === undefined ? [] : [{ track: prefer, shift: 0 }]),
    ];
    for (const guess of guesses) {
      const place = this.#finest(signal, at, size, guess.track, guess.shift);
      if (place.likeness >= 0.9) return this.#followed(signal, at, size, place);
    }
    const place = this.#sought(signal, at, size);
    return place === undefined || place.likeness < ALIKE
      ? undefined
      : this.#followed(signal, at, size, place);
  }

  /** The most alike place in all that was sent. */
  #sought(signal: Float32Array, at: number, size: number): Place | undefined {
    let best: Place | undefined;
    for (const { track, from } of this.#correlator.candidates(signal.subarray(at, at + size))) {
      const place = this.#finest(signal, at, size, track, (from - at) * RATIO);
      if (place.likeness > (best?.likeness ?? 0)) best = place;
    }
    return best;
  }

  /** The shift near a known one at which a stretch is most alike, to one sample at 16 kHz. */
  #finest(signal: Float32Array, at: number, size: number, track: number, near: number): Place {
    let best = { track, shift: near, likeness: -1, gain: 0 };
    for (let shift = near - RATIO; shift <= near + RATIO; shift++) {
      const { kept, sent, product } = this.#products(signal, at, size, track, shift);
      if (kept === 0 || sent === 0) continue;
      const likeness = product / Math.sqrt(kept * sent);
      if (likeness > best.likeness) best = { track, shift, likeness, gain: product / sent };
    }
    return best;
  }

  #products(signal: Float32Array, at: number, size: number, track: number, shift: number) {
    const sentSignal = this.tracks[track]!;
    let kept = 0;
    let sent = 0;
    let product = 0;
    for (let index = at; index < at + size; index++) {
      const here = signal[index]!;
      const there = sentSignal[index * RATIO + shift] ?? 0;
      kept += here * here;
      sent += there * there;
      product += here * there;
    }
    return { kept, sent, product };
  }

  /** From the most alike block of a stretch, both ways. */
  #followed(signal: Float32Array, at: number, size: number, place: Place): Trail {
    const isAlike = (start: number): boolean => {
      const { kept, sent, product } = this.#products(signal, start, BLOCK, place.track, place.shift);
      const expected = kept + place.gain * place.gain * sent;
      return expected > 0 && 2 * place.gain * product >= 0.5 * expected;
    };
    let middle = at;
    let most = -1;
    for (let start = at; start + BLOCK <= at + size; start += STEP) {
      const { kept, sent, product } = this.#products(signal, start, BLOCK, place.track, place.shift);
      const alike = kept * sent === 0 ? 0 : product * Math.abs(product / Math.sqrt(kept * sent));
      if (alike > most) {
        most = alike;
        middle = start;
      }
    }
    let first = middle;
    for (let start = middle - STEP; start >= 0 && start > first - HOLE - STEP; start -= STEP)
      if (isAlike(start)) first = start;
    let last = middle;
    for (
      let start = middle + STEP;
      start + BLOCK <= signal.length && start < last + HOLE + STEP;
      start += STEP
    )
      if (isAlike(start)) last = start;
    // What is left at an end is shorter than a block.
    const start = first < STEP ? 0 : first + this.#edge(signal, first, place, 1);
    const end =
      last + BLOCK + STEP > signal.length
        ? signal.length
        : last + BLOCK - this.#edge(signal, last + BLOCK - 1, place, -1);
    // The stretch that was looked for may have been half of something else.
    const { kept, sent, product } = this.#products(signal, start, end - start, place.track, place.shift);
    return { ...place, at: start, end, gain: product / sent, likeness: product / Math.sqrt(kept * sent) };
  }

  /** How many samples of the outermost block are not of the copy yet: where the error stops falling behind. */
  #edge(signal: Float32Array, start: number, { track, shift, gain }: Place, direction: 1 | -1): number {
    const sent = this.tracks[track]!;
    let sum = 0;
    let worst = 0;
    let edge = 0;
    for (let index = 0; index < BLOCK; index++) {
      const at = start + index * direction;
      const here = signal[at]!;
      const there = gain * (sent[at * RATIO + shift] ?? 0);
      // Positive while the two are less alike than not.
      sum += (here - there) ** 2 - 0.5 * (here * here + there * there);
      if (sum > worst) {
        worst = sum;
        edge = index + 1;
      }
    }
    return edge;
  }

  /** Where two copies overlap, each keeps the side on which it fits better. */
  #apart(signal: Float32Array, trails: readonly Trail[]): Trail[] {
    const result: Trail[] = [];
    for (const trail of [...trails].sort((a, b) => a.at - b.at || b.end - a.end)) {
      const before = result.at(-1);
      if (before === undefined || before.end <= trail.at) {
        result.push(trail);
        continue;
      }
      if (trail.end <= before.end) continue;
      const cut = this.#bestCut(signal, before, trail);
      result[result.length - 1] = { ...before, end: cut };
      result.push({ ...trail, at: cut });
    }
    return result.filter(({ at, end }) => end - at >= BLOCK);
  }

  #bestCut(signal: Float32Array, before: Trail, after: Trail): number {
    const error = ({ track, shift, gain }: Trail, at: number): number =>
      (signal[at]! - gain * (this.tracks[track]![at * RATIO + shift] ?? 0)) ** 2;
    let sum = 0;
    let least = 0;
    let cut = after.at;
    for (let at = after.at; at < before.end; at++) {
      sum += error(before, at) - error(after, at);
      if (sum < least) {
        least = sum;
        cut = at + 1;
      }
    }
    return cut;
  }
}

/** The same copy may be found again behind a pause at which it was lost: then it goes on. */
function keep(trail: Trail, trails: Trail[]): void {
  const index = trails.findIndex((known) => isSame(known, trail));
  const known = trails[index];
  if (known === undefined) {
    trails.push(trail);
    return;
  }
  const longer = trail.end - trail.at > known.end - known.at ? trail : known;
  trails[index] = { ...longer, at: Math.min(trail.at, known.at), end: Math.max(trail.end, known.end) };
}

function isSame(a: Trail, b: Trail): boolean {
  return a.track === b.track && Math.abs(a.shift - b.shift) <= 2 * RATIO && a.at < b.end && b.at < a.end;
}

function energy(signal: Float32Array, start: number, length: number): number {
  let sum = 0;
  for (let index = start; index < start + length; index++) sum += signal[index]! * signal[index]!;
  return sum;
}

/** Where the loudest stretch of this length begins. */
function loudest(signal: Float32Array, length: number): number {
  const hop = Math.max(1, Math.floor(length / 4));
  let best = 0;
  let most = -1;
  for (let start = 0; start + length <= signal.length; start += hop) {
    const sum = energy(signal, start, length);
    if (sum <= most) continue;
    most = sum;
    best = start;
  }
  return best;
}
