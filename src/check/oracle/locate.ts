/** Reads what was kept as runs: whose audio stands where in it, and where it is silent or nobody's. */
import { SAMPLE_RATE } from '../../protocol/pcm.ts';
import { type Copy, type ExactIndex, exactIndex } from './exact.ts';
import { channelOf, type Kept, type Reading, recogniseForm } from './form.ts';
import { type LossyCopy, LossyIndex } from './lossy.ts';
import { narrowed } from './narrow.ts';
import type { Sent } from './sent.ts';

/** A stretch of what was kept. `at` and `length` in samples at 16 kHz, on the file's own clock. */
export type Run =
  | {
      readonly kind: 'sent';
      /** Index into `Sent.tracks`. */
      readonly track: number;
      /** Where it was sent, on the meeting's clock, in samples at 16 kHz. */
      readonly from: number;
      readonly at: number;
      readonly length: number;
    }
  | { readonly kind: 'zeros' | 'unknown'; readonly at: number; readonly length: number };

export interface Located {
  /** How the file had to be read; undefined when nothing of what was sent is in it. */
  readonly reading: Reading | undefined;
  /** Whether it holds the very samples. If not, positions are good to about 20 ms. */
  readonly isExact: boolean;
  /** Length in samples at 16 kHz. */
  readonly samples: number;
  /** By channel: runs in order, without gaps between them. */
  readonly channels: readonly (readonly Run[])[];
  /** How many times louder than what was sent; 1 when exact. */
  readonly gain: number;
  /** 1 is the same but for its level. */
  readonly likeness: number;
}

/** A finder of what was sent. Indexes are made once: use one for all files of a meeting. */
export interface Locator {
  readonly sent: Sent;
  /** `prefer`: the index of the track whose file it is, for audio that several tracks have. */
  locate(kept: Kept, prefer?: number): Located;
}

/** Shorter zeros between unknown samples are chance. */
const MIN_ZEROS = 16;
/** Of the loudest tenth: quieter is silence, in audio that is no exact copy. */
const QUIET = 0.05;
const LOSSY_BLOCK = 160;
/** Of the file that must be found: any tone is like some vowel. */
const MIN_SHARE = 0.05;

export function locator(sent: Sent): Locator {
  const exact = exactIndex(sent);
  let lossy: LossyIndex | undefined;
  const lossyIndex = (): LossyIndex => {
    lossy ??= new LossyIndex(sent);
    return lossy;
  };
  return {
    sent,
    locate: (kept, prefer) => {
      lossy?.refresh();
      const form = recogniseForm(kept, exact, lossyIndex);
      if (form === undefined) return unrecognised(kept);
      if (form.isExact) return locatedExactly(form.reading, exact, prefer);
      return locatedByLikeness(form.reading, lossyIndex(), prefer) ?? unrecognised(kept);
    },
  };
}

function channelsOf(reading: Reading): Int16Array[] {
  return Array.from({ length: reading.channels }, (_, channel) => channelOf(reading, channel));
}

function unrecognised(kept: Kept): Located {
  const channels = channelsOf(kept).map((samples) => {
    const native = Math.round((samples.length * SAMPLE_RATE) / kept.sampleRate);
    if (native === 0) return [];
    const isSilent = samples.every((sample) => Math.abs(sample) <= 1);
    return [{ kind: isSilent ? 'zeros' : 'unknown', at: 0, length: native } as const];
  });
  const samples = channels[0]?.[0]?.length ?? 0;
  return { reading: undefined, isExact: false, samples, channels, gain: 1, likeness: 0 };
}

function locatedExactly(reading: Reading, exact: ExactIndex, prefer: number | undefined): Located {
  const channels = channelsOf(reading);
  return {
    reading,
    isExact: true,
    samples: channels[0]!.length,
    channels: channels.map((samples) => exactRuns(samples, exact, prefer)),
    gain: 1,
    likeness: 1,
  };
}

/** Runs of one channel at 16 kHz: what is no exact copy is zeros or unknown. */
export function exactRuns(samples: Int16Array, exact: ExactIndex, prefer?: number): Run[] {
  return withRest(exact.locate(samples, prefer), samples.length, (at, end) => exactRest(samples, at, end));
}

/** Undefined when what looked alike at first is not. */
function locatedByLikeness(
  reading: Reading,
  lossy: LossyIndex,
  prefer: number | undefined,
): Located | undefined {
  const { samples: interleaved, sampleRate: rate, channels: count } = reading;
  const samples = Math.round((interleaved.length / count / rate) * SAMPLE_RATE);
  const copies: LossyCopy[] = [];
  const channels = Array.from({ length: count }, (_, channel) => {
    const signal = narrowed(interleaved, { rate, channels: count, channel });
    const found = lossy.locate(signal, prefer);
    copies.push(...found);
    const isQuiet = quietBlocks(signal);
    return withRest(found, samples, (at, end) => lossyRest(isQuiet, at, end));
  });
  const total = copies.reduce((sum, { length }) => sum + length, 0);
  if (total < samples * count * MIN_SHARE) return undefined;
  const mean = (value: (copy: LossyCopy) => number): number =>
    copies.reduce((sum, copy) => sum + value(copy) * copy.length, 0) / total;
  return {
    reading,
    isExact: false,
    samples,
    channels,
    gain: mean(({ gain }) => gain),
    likeness: mean(({ likeness }) => likeness),
  };
}

/** Copies and, between them, what `rest` makes of the stretches that are none. */
function withRest(copies: readonly Copy[], samples: number, rest: (at: number, end: number) => Run[]): Run[] {
  const runs: Run[] = [];
  let at = 0;
  for (const { track, from, at: start, length } of copies) {
    if (start > at) runs.push(...rest(at, start));
    const end = Math.min(samples, start + length);
    if (end > start) runs.push({ kind: 'sent', track, from, at: start, length: end - start });
    at = Math.max(at, end);
  }
  if (samples > at) runs.push(...rest(at, samples));
  return runs;
}

function exactRest(samples: Int16Array, from: number, to: number): Run[] {
  const runs: Run[] = [];
  let unknown = from;
  for (let at = from; at < to; ) {
    let end = at;
    while (end < to && samples[end] === 0) end++;
    // Zeros that fill a stretch or end it are zeros, however few.
    if (end - at >= MIN_ZEROS || (end > at && (at === from || end === to))) {
      if (at > unknown) runs.push({ kind: 'unknown', at: unknown, length: at - unknown });
      runs.push({ kind: 'zeros', at, length: end - at });
      unknown = end;
    }
    at = Math.max(end, at + 1);
  }
  if (to > unknown) runs.push({ kind: 'unknown', at: unknown, length: to - unknown });
  return runs;
}

/** Whether each 10 ms of a signal at 4 kHz are silence. */
function quietBlocks(signal: Float32Array): boolean[] {
  const size = LOSSY_BLOCK / 4;
  const levels = Array.from({ length: Math.ceil(signal.length / size) }, (_, block) => {
    const part = signal.subarray(block * size, (block + 1) * size);
    return Math.sqrt(part.reduce((sum, value) => sum + value * value, 0) / part.length);
  });
  const loud = [...levels].sort((a, b) => a - b)[Math.floor(levels.length * 0.9)] ?? 0;
  return levels.map((level) => level <= loud * QUIET);
}

function lossyRest(isQuiet: readonly boolean[], from: number, to: number): Run[] {
  const blocks = { from: Math.ceil(from / LOSSY_BLOCK), to: Math.floor(to / LOSSY_BLOCK) };
  let quiet = 0;
  for (let block = blocks.from; block < blocks.to; block++) if (isQuiet[block] === true) quiet++;
  const isSilence = quiet * 2 >= blocks.to - blocks.from;
  return [{ kind: isSilence ? 'zeros' : 'unknown', at: from, length: to - from }];
}
