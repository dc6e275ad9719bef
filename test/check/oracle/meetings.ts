/** Random small meetings with case audio, and files as receivers write them: untouched, or with one edit. */
import fc from 'fast-check';
import { silenceSource } from '../../../src/audio/signals.ts';
import { type Sent, sentOf } from '../../../src/check/oracle/sent.ts';
import { withCaseVoices } from '../../../src/check/oracle/voice.ts';
import type { Timeline } from '../../../src/scenario/timeline.ts';

export const RATE = 16_000;
const NAMES = ['Ada', 'Bob', 'Cy', 'Di'];

interface Interval {
  /** Samples muted before it, and how long it is. */
  readonly muted: number;
  readonly length: number;
  /** Unmuted without a word. */
  readonly isSilent?: boolean;
}

/** One list of intervals per person. */
export function timelineOf(people: readonly (readonly Interval[])[], seed = 1): Timeline {
  const streams = people.flatMap((intervals, participant) => {
    let at = 0;
    return intervals.map(({ muted, length, isSilent = false }) => {
      const startSample = at + muted;
      const endSample = startSample + length;
      at = endSample;
      const segments = [
        {
          startSample,
          endSample,
          kind: isSilent ? ('silence' as const) : ('speech' as const),
          source: silenceSource(length),
        },
      ];
      return { participant, startSample, endSample, segments, framing: 'by_duration' as const };
    });
  });
  return withCaseVoices({
    title: undefined,
    seed,
    durationSamples: Math.max(...streams.map(({ endSample }) => endSample)),
    participants: people.map((_, index) => ({
      id: 100 * (index + 1),
      name: NAMES[index]!,
      is_host: false,
      platform: 'desktop',
      extra_data: {},
    })),
    streams,
    videos: [],
    events: [],
    utterances: [],
  });
}

/** Off every grid: times are samples, not frames. `least`: the shortest interval, in seconds. */
export function sentArb(least: number, mostPeople = 4): fc.Arbitrary<Sent> {
  const interval = fc.record({
    muted: fc.integer({ min: 0.2 * RATE, max: 1.5 * RATE }),
    length: fc.integer({ min: Math.round(least * RATE), max: Math.round((least + 1.5) * RATE) }),
  });
  return fc
    .record({
      people: fc.array(fc.array(interval, { minLength: 1, maxLength: 3 }), {
        minLength: 1,
        maxLength: mostPeople,
      }),
      seed: fc.nat(1_000),
    })
    .map(({ people, seed }) => sentOf(timelineOf(people, seed)));
}

export function kept(samples: Int16Array, sampleRate = RATE, channels = 1) {
  return { samples, sampleRate, channels };
}

export function joinedPcm(...parts: readonly Int16Array[]): Int16Array {
  const all = new Int16Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The silence of mutes left out. */
export function concatenated({ tracks }: Sent, track: number): Int16Array {
  const { pcm, ranges } = tracks[track]!;
  return joinedPcm(...ranges.map(({ start, end }) => pcm.subarray(start, end)));
}

/** Noise that nobody sent. */
export function hiss(samples: number): Int16Array {
  let state = 12_345;
  return Int16Array.from({ length: samples }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return ((state >>> 8) % 8_000) - 4_000;
  });
}

export const EDITS = ['cut', 'zeroed', 'zeros', 'moved', 'twice', 'foreign', 'replaced', 'hiss'] as const;
export type Edit = (typeof EDITS)[number];

/** One edit of the samples `start` to `end` of a file; `other` is somebody else's audio of that length. */
export function edited(
  pcm: Int16Array,
  edit: Edit,
  start: number,
  end: number,
  other: Int16Array,
): Int16Array {
  const before = pcm.subarray(0, start);
  const piece = pcm.subarray(start, end);
  const after = pcm.subarray(end);
  const length = end - start;
  if (edit === 'cut') return joinedPcm(before, after);
  if (edit === 'zeroed') return joinedPcm(before, new Int16Array(length), after);
  if (edit === 'zeros') return joinedPcm(before, new Int16Array(length), piece, after);
  // Before what stood before it.
  if (edit === 'moved')
    return joinedPcm(
      before.subarray(0, start - 2 * length),
      piece,
      before.subarray(start - 2 * length),
      after,
    );
  if (edit === 'twice') return joinedPcm(before, piece, piece, after);
  if (edit === 'foreign') return joinedPcm(before, other, piece, after);
  if (edit === 'replaced') return joinedPcm(before, other, after);
  return joinedPcm(before, hiss(length), after);
}

/** As a lossy codec leaves it: 48 kHz, nothing high, noise 30 dB below. */
export function degraded(pcm: Int16Array): Int16Array {
  const level = Math.sqrt(pcm.reduce((sum, sample) => sum + sample * sample, 0) / pcm.length);
  const noise = hiss(3 * pcm.length);
  const gain = (level * 10 ** (-30 / 20)) / (8_000 / Math.sqrt(12));
  let low = 0;
  return Int16Array.from({ length: 3 * pcm.length }, (_, index) => {
    const at = Math.floor(index / 3);
    const here = pcm[at]!;
    low += 0.5 * (here + (((pcm[at + 1] ?? here) - here) * (index % 3)) / 3 - low);
    return Math.max(-32_768, Math.min(32_767, Math.round(low + noise[index]! * gain)));
  });
}
