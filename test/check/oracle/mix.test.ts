import { describe, expect, it } from 'vitest';
import { judgeMix } from '../../../src/check/oracle/mix.ts';
import { sentOf } from '../../../src/check/oracle/sent.ts';
import { degraded, hiss, kept, RATE, timelineOf } from './meetings.ts';

const sent = sentOf(
  timelineOf([
    [
      { muted: 0.5 * RATE, length: 3 * RATE },
      { muted: 2 * RATE, length: 2 * RATE },
    ],
    [{ muted: 0.8 * RATE, length: 7 * RATE }],
    [{ muted: 1 * RATE, length: 6 * RATE }],
    [{ muted: 1 * RATE, length: 5 * RATE }],
  ]),
);

/** The sum of those at these indices; `level` keeps it within 16 bits. */
function mixOf(tracks: readonly number[], level = 0.5): Int16Array {
  return Int16Array.from({ length: sent.durationSamples }, (_, at) =>
    tracks.reduce((sum, track) => sum + level * (sent.tracks[track]!.pcm[at] ?? 0), 0),
  );
}

const texts = (samples: Int16Array, rate = RATE): string[] =>
  judgeMix(kept(samples, rate), sent).map(({ text }) => text);

describe('a mix', () => {
  it('of everybody has nothing wrong, exact or lossy, from the start or from the first voice on', () => {
    expect(texts(mixOf([0, 1, 2, 3]))).toEqual([]);
    expect(texts(mixOf([0, 1, 2, 3]).subarray(0.5 * RATE))).toEqual([]);
    expect(texts(degraded(mixOf([0, 1, 2, 3])), 48_000)).toEqual([]);
  });

  it.each([0, 1, 2, 3])('without participant %i says who is missing', (absent) => {
    const { id, name } = sent.tracks[absent]!;
    const findings = judgeMix(kept(mixOf([0, 1, 2, 3].filter((track) => track !== absent))), sent);
    expect(findings).toMatchObject([
      { code: 'mix_missing', participant: id, text: `${name} is not in the mix` },
    ]);
  });

  it('says when somebody is missing', () => {
    const mix = mixOf([0, 1, 2, 3]);
    mix.set(mixOf([0, 1, 3]).subarray(3 * RATE, 5 * RATE), 3 * RATE);
    const [finding, ...others] = judgeMix(kept(mix), sent);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ code: 'mix_missing', participant: 300 });
    expect(Math.abs(finding!.fromSeconds - 3)).toBeLessThan(0.51);
    expect(Math.abs(finding!.toSeconds - 5)).toBeLessThan(0.51);
  });

  it('says how long it is when that is wrong, and where it stands', () => {
    const mix = mixOf([0, 1, 2, 3]);
    const long = new Int16Array(mix.length + 4 * RATE);
    long.set(mix);
    expect(texts(long)).toEqual(['the mix is 11.8 s long, the meeting 7.8 s']);
    const late = new Int16Array(mix.length + 1.25 * RATE);
    late.set(mix, 1.25 * RATE);
    expect(texts(late)).toEqual(['the mix stands 1.25 s late']);
  });

  it('of nobody, or of nothing, is told', () => {
    expect(texts(new Int16Array(8 * RATE))).toEqual(['the mix holds nothing but silence']);
    expect(texts(new Int16Array(0))).toEqual(['the mix is empty']);
    expect(texts(hiss(8 * RATE))).toEqual(['nothing of what was sent is found in the mix']);
  });
});
