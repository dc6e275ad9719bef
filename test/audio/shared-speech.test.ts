/** Speech that is made once for many meetings. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keptSpeech, sharedSpeech } from '../../src/audio/shared-speech.ts';
import { readAll } from '../../src/audio/source.ts';
import { speechSource, voiceFor } from '../../src/audio/speech.ts';

const voice = voiceFor(1, 0);

describe('shared speech', () => {
  it('has the samples of speech, however many read it, in whatever pieces', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2_000 }),
        fc.array(fc.record({ reader: fc.nat({ max: 2 }), length: fc.integer({ min: 1, max: 700 }) })),
        (samples, reads) => {
          const options = { seed: 7, samples, voice };
          const expected = readAll(speechSource(options));
          const make = sharedSpeech();
          const readers = [0, 1, 2].map(() => ({ reader: make(options).open(), position: 0 }));
          for (const { reader: index, length } of reads) {
            const each = readers[index]!;
            const into = new Int16Array(Math.min(length, samples - each.position));
            each.reader.read(into);
            expect(into).toEqual(expected.subarray(each.position, each.position + into.length));
            each.position += into.length;
          }
          expect(readAll(make(options))).toEqual(expected);
          expect(() =>
            make(options)
              .open()
              .read(new Int16Array(samples + 1)),
          ).toThrow(RangeError);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('is one source for the same words of the same voice, and others for others', () => {
    const make = sharedSpeech();
    const options = { seed: 1, samples: 100, voice };
    expect(make({ ...options })).toBe(make(options));
    for (const other of [{ seed: 2 }, { samples: 101 }, { voice: voiceFor(2, 0) }])
      expect(make({ ...options, ...other })).not.toBe(make(options));
  });

  it('keeps no more than there is room for: what was asked for last', () => {
    const make = sharedSpeech(250);
    const of = (seed: number, samples = 100) => make({ seed, samples, voice });
    const [first, second] = [of(1), of(2)];
    expect(of(1)).toBe(first);
    of(3);
    expect(of(1)).toBe(first);
    expect(of(2)).not.toBe(second);
    expect(of(9, 251)).not.toBe(of(9, 251));
  });
});

describe('kept speech', () => {
  it('has the samples of speech, read once or twice, and keeps as much as there is room for', () => {
    const make = keptSpeech(150);
    for (const samples of [100, 60, 50, 0, 1]) {
      const options = { seed: samples, samples, voice };
      const source = make(options);
      const expected = readAll(speechSource(options));
      for (let reading = 0; reading < 2; reading++) expect(readAll(source)).toEqual(expected);
    }
  });
});
