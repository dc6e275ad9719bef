import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainJson, plainText } from '../src/plain-text.ts';

/** Every character that moves a cursor, begins a line, rings, or turns the direction of writing. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

describe('plain text', () => {
  it.each([
    ['words, ümlauts, 日本語 and 😀', 'words, ümlauts, 日本語 and 😀'],
    ['two\r\nlines\tand a tab', 'two\\r\\nlines\\tand a tab'],
    ['\u001b[2J\u001b]0;title\u0007', '\\u001b[2J\\u001b]0;title\\u0007'],
    ['\u0000\u007f\u0080\u009b1A\u009f', '\\u0000\\u007f\\u0080\\u009b1A\\u009f'],
    ['a\u2028b\u2029c', 'a\\u2028b\\u2029c'],
    [
      '\u061c\u200e\u200f\u202a\u202e\u2066\u2069\ufeff',
      '\\u061c\\u200e\\u200f\\u202a\\u202e\\u2066\\u2069\\ufeff',
    ],
    ['half a pair: \ud83d', 'half a pair: \ufffd'],
    ['', ''],
  ])('%j becomes %j', (text, plain) => {
    expect(plainText(text)).toBe(plain);
  });

  it('cuts what is too long, not what just fits', () => {
    expect(plainText('12345', 5)).toBe('12345');
    expect(plainText('123456', 5)).toBe('1234…');
    expect(plainText('x'.repeat(501))).toBe(`${'x'.repeat(499)}…`);
    expect(plainText('x'.repeat(500))).toBe('x'.repeat(500));
    // A cut through a pair leaves no half of it.
    expect(plainText('abc😀def', 5)).toBe('abc\ufffd…');
  });

  it('is safe and valid whatever came in, of bounded length, and stays as it is when cleaned again', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
          maxLength: 60,
        }),
        (text) => {
          const plain = plainText(text, 40);
          expect(plain).not.toMatch(UNSAFE);
          expect(plain).not.toMatch(/\p{Surrogate}/u);
          expect(plain.length).toBeLessThanOrEqual(40 * 6);
          expect(plainText(plain)).toBe(plain);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

describe('plain JSON', () => {
  it('is the same data, whatever is in it, on one line that no terminal obeys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (value, text) => {
        const data = { value, text, [text]: 'x\u007f\u009b2J\u2028\u202e' };
        const json = plainJson(data);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(data)));
        expect(json).not.toMatch(UNSAFE);
      }),
    );
  });
});
