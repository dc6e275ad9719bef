import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBriefly, isBase64, lengthOfBase64 } from '../../src/protocol/base64.ts';

const STANDARD = /^[A-Za-z0-9+/]*={0,2}$/;
/** What decoders forgive, and what has the low byte of a character that is right. */
const NEARLY = ['=', '-', '_', ' ', '\n', '\0', 'ŁA', 'Ｂ', '\u{1f600}'];

describe('isBase64', () => {
  it('says what the standard says, whatever the text', () => {
    const piece = fc.oneof(
      fc.constantFrom(...NEARLY),
      fc.string({ unit: fc.constantFrom(...'AZaz09+/') }),
      fc.base64String(),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        const text = pieces.join('');
        expect(isBase64(text)).toBe(text.length % 4 === 0 && STANDARD.test(text));
      }),
      { numRuns: 5_000 },
    );
  });

  it('takes spare bits in the last character, and no padding in the middle', () => {
    expect(['', 'AA==', 'AB==', 'AAE=', 'AAF='].filter((text) => !isBase64(text))).toEqual([]);
    expect(['A', 'AA', 'A===', '====', 'AA==AAAA', 'AA-_', 'AA A', 'AAA\n'].filter(isBase64)).toEqual([]);
  });
});

describe('decodeBriefly', () => {
  // Up to 48 KiB of text go through one buffer.
  it.each([0, 1, 2, 3, 36_863, 36_864, 36_865, 100_000])(
    'gives the %i bytes that a text stands for',
    (bytes) => {
      const data = Buffer.from(Uint8Array.from({ length: bytes }, (_, index) => (index * 7) % 251));
      const text = data.toString('base64');
      expect(decodeBriefly(text).equals(data)).toBe(true);
      expect(lengthOfBase64(text)).toBe(bytes);
      expect(isBase64(text)).toBe(true);
      expect(isBase64(`${text}!`)).toBe(false);
    },
  );
});
