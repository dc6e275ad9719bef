/**
 * The paper that pictures are drawn on: rectangles and text in a palette of four colours. Knows no file format.
 */
import { PICTURE_SIZE } from '../protocol/video-separate-png.ts';
import { GLYPH, glyphsOf } from './font.ts';

/** Pixels in a byte. Everything is drawn in whole bytes. */
export const PIXELS = 4;
const ROW_BYTES = PICTURE_SIZE.width / PIXELS;
/** A byte of four pixels of each colour of the palette. */
export const INK = { background: 0x00, shade: 0x55, text: 0xaa, dark: 0xff } as const;

const MARGIN = 32;
const SMALL = 4;
/** As many small glyphs as stand in a line; what has no room is cut. */
const LINE_GLYPHS = Math.floor((PICTURE_SIZE.width - 2 * MARGIN) / (SMALL * (GLYPH.columns + 1)));

/** Spreads any number of hues evenly: the golden ratio's fraction. */
const HUE_STEP = 0.618_033_988_749_895;

export class Canvas {
  /** Two bits a pixel, the leftmost highest; rows from the top. */
  readonly pixels = new Uint8Array(ROW_BYTES * PICTURE_SIZE.height);

  /** One line of text; `dot` is the size of a glyph's dot in pixels. */
  write(text: string, x: number, y: number, dot: number): void {
    for (const [index, columns] of glyphsOf(text).slice(0, LINE_GLYPHS).entries()) {
      for (const [column, dots] of columns.entries()) {
        const left = x + dot * (index * (GLYPH.columns + 1) + column);
        for (let row = 0; row < GLYPH.rows; row++)
          if ((dots & (1 << row)) !== 0) this.fill(left, y + dot * row, dot, dot, INK.text);
      }
    }
  }

  /** A rectangle; `x` and `width` are multiples of four pixels. */
  fill(x: number, y: number, width: number, height: number, ink: number): void {
    for (let row = y; row < y + height; row++) {
      const start = row * ROW_BYTES + x / PIXELS;
      this.pixels.fill(ink, start, start + width / PIXELS);
    }
  }

  /** The colour of a pixel: its place in the palette. */
  at(x: number, y: number): number {
    return (this.pixels[y * ROW_BYTES + (x >> 2)]! >> (6 - 2 * (x & 3))) & 3;
  }
}

/** 0 to 1, by somebody's place in the meeting. */
export function hueOf(index: number): number {
  return (index * HUE_STEP) % 1;
}

/** Red, green and blue of 0 to 255; hue, saturation and lightness go from 0 to 1. */
export function colour(hue: number, saturation: number, lightness: number): number[] {
  const reach = saturation * Math.min(lightness, 1 - lightness);
  return [0, 8, 4].map((offset) => {
    const place = (offset + hue * 12) % 12;
    return Math.round(255 * (lightness - reach * Math.max(-1, Math.min(place - 3, 9 - place, 1))));
  });
}
