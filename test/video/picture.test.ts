import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { glyphsOf } from '../../src/video/font.ts';
import { Picture, type Subject } from '../../src/video/picture.ts';

const ada: Subject = { id: 100, name: 'Ada', type: 'webcam', index: 0 };
const at = (seconds: number, changes: Partial<Subject> = {}): Uint8Array =>
  new Picture({ ...ada, ...changes }).at(seconds);
/** The glyph rows of a text as they stand in a picture, four pixels a dot: `#` is text. */
const dotsAt = (png: Uint8Array, x: number, y: number, dots: number): string[] => {
  const { data } = decode(png);
  const pixel = (column: number, row: number): number =>
    (data[(row * 640 + column) >> 2]! >> (6 - 2 * (column % 4))) & 3;
  return Array.from({ length: 7 }, (_, row) =>
    Array.from({ length: dots }, (_, dot) => (pixel(x + 4 * dot, y + 4 * row) === 2 ? '#' : '.')).join(''),
  );
};

describe('a picture', () => {
  it('is a PNG of 640 × 360 pixels in four colours', () => {
    const { width, height, depth, palette } = decode(at(1));
    expect({ width, height, depth, colours: palette?.length }).toEqual({
      width: 640,
      height: 360,
      depth: 2,
      colours: 4,
    });
  });

  it('has the same bytes for the same subject and moment, whatever was drawn before', () => {
    const used = new Picture(ada);
    used.at(3_600.5);
    expect(used.at(12.5)).toEqual(at(12.5));
    expect(at(12.5)).not.toEqual(at(13));
  });

  it('shows the name', () => {
    expect(dotsAt(at(0, { name: 'Al' }), 32, 276, 11)).toEqual([
      '..#....##..',
      '.#.#....#..',
      '#...#...#..',
      '#...#...#..',
      '#####...#..',
      '#...#...#..',
      '#...#..###.',
    ]);
  });

  it('differs by type, by participant, and for people without a name', () => {
    const pictures = [at(0), at(0, { type: 'screenshare' }), at(0, { index: 1 }), at(0, { name: null })];
    expect(new Set(pictures.map((png) => Buffer.from(png).toString('base64'))).size).toBe(4);
  });

  it('has a colour of its own for each of many participants', () => {
    const colours = Array.from({ length: 50 }, (_, index) => String(decode(at(0, { index })).palette?.[0]));
    expect(new Set(colours).size).toBe(50);
  });

  it('cuts what has no room', () => {
    expect(at(0, { name: 'x'.repeat(10_000) })).toEqual(at(0, { name: 'x'.repeat(24) }));
    expect(decode(at(86_400)).width).toBe(640);
  });
});

describe('the font', () => {
  it('has every printable ASCII character, each of its own shape', () => {
    const ascii = Array.from({ length: 95 }, (_, index) => String.fromCharCode(0x20 + index)).join('');
    const glyphs = glyphsOf(ascii);
    expect(glyphs.every((columns) => columns.length === 5)).toBe(true);
    expect(new Set(glyphs.map(String)).size).toBe(95);
    expect(glyphs.slice(1).every((columns) => columns.some((dots) => dots > 0))).toBe(true);
  });

  it('draws letters with accents without them, and a box for what it does not have', () => {
    expect(glyphsOf('é')).toEqual(glyphsOf('e'));
    const [box] = glyphsOf('明');
    expect(glyphsOf('\n\u007f')).toEqual([box, box]);
    expect(glyphsOf('🎉')).toHaveLength(1);
  });
});
