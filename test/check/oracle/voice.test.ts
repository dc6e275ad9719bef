import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAll } from '../../../src/audio/source.ts';
import { exactIndex } from '../../../src/check/oracle/exact.ts';
import { sentOf } from '../../../src/check/oracle/sent.ts';
import { caseVoice } from '../../../src/check/oracle/voice.ts';
import { speechShare } from '../../support/speech-share.ts';
import { RATE, timelineOf } from './meetings.ts';

/** The shortest stretch that is located: 10 ms. */
const SHORTEST = 160;

const voice = (participant: number, kind: 'speech' | 'silence') =>
  readAll(caseVoice({ seed: 5, participant, startSample: 777, samples: 10 * RATE, kind }));

describe('case audio', () => {
  it.each([0, 1, 2, 3, 4, 5])(
    'of participant %i is speech to a real voice activity detector',
    async (index) => {
      expect(await speechShare(voice(index, 'speech'), 2)).toBeGreaterThan(0.7);
    },
  );

  it('of somebody who is silent is none', async () => {
    expect(await speechShare(voice(0, 'silence'), 0)).toBeLessThan(0.05);
  });

  it('is the same again, and another for each participant, place and seed', () => {
    expect(voice(1, 'speech')).toEqual(voice(1, 'speech'));
    const options = { seed: 5, participant: 1, startSample: 777, samples: RATE, kind: 'speech' } as const;
    const others = [{ seed: 6 }, { participant: 2 }, { startSample: 778 }].map((other) =>
      readAll(caseVoice({ ...options, ...other })),
    );
    for (const other of others) expect(other).not.toEqual(readAll(caseVoice(options)));
  });

  it('says of any 10 ms whose they are and where they stand', () => {
    const sent = sentOf(
      timelineOf([
        [
          { muted: 123, length: 4 * RATE },
          { muted: 4_567, length: 2 * RATE },
        ],
        [{ muted: 0, length: 6 * RATE }],
        [{ muted: 999, length: 5 * RATE }],
      ]),
    );
    const index = exactIndex(sent);
    const place = fc.record({
      track: fc.nat(2),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      range: fc.nat(1),
      length: fc.integer({ min: SHORTEST, max: 3_000 }),
    });
    fc.assert(
      fc.property(place, ({ track, at, range, length }) => {
        const { pcm, ranges } = sent.tracks[track]!;
        const { start, end } = ranges[range % ranges.length]!;
        const from = Math.round(start + (end - length - start) * at);
        const copies = index.locate(pcm.slice(from, from + length));
        expect(copies).toEqual([{ track, from, at: 0, length }]);
      }),
      { numRuns: 2_000 },
    );
  });
});
