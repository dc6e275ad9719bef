/**
 * Draws what a participant's camera or screen shows: their name and id, the type, a running clock, in a colour of their own. The
 * same subject at the same moment has the same bytes. Knows nothing of streams.
 *
 * Four colours of two bits each: a picture is 57,600 bytes before and a few hundred after compression, and takes about a
 * millisecond; in true colour it would take the pacer's thread from the audio for too long.
 */
import { encode } from 'fast-png';
import { PICTURE_SIZE, type VideoType } from '../protocol/video-separate-png.ts';
import { GLYPH, glyphsOf } from './font.ts';

export interface Subject {
  readonly id: number;
  readonly name: string | null;
  readonly type: VideoType;
  /** The participant's place in the meeting, which their colour comes from. */
  readonly index: number;
}

/** Pixels in a byte. Everything is drawn in whole bytes. */
const PIXELS = 4;
const ROW_BYTES = PICTURE_SIZE.width / PIXELS;
/** A byte of four pixels of each colour of the palette. */
const INK = { background: 0x00, shade: 0x55, text: 0xaa, dark: 0xff } as const;

const MARGIN = 32;
const SMALL = 4;
const LARGE = 8;
/** As many small glyphs as stand in a line; what has no room is cut. */
const LINE_GLYPHS = Math.floor((PICTURE_SIZE.width - 2 * MARGIN) / (SMALL * (GLYPH.columns + 1)));
const FRAME = 12;
const CLOCK_Y = 140;

/** Spreads any number of hues evenly: the golden ratio's fraction. */
const HUE_STEP = 0.618_033_988_749_895;

export class Picture {
  readonly #subject: Subject;
  readonly #palette: number[][];
  readonly #pixels = new Uint8Array(ROW_BYTES * PICTURE_SIZE.height);

  constructor(subject: Subject) {
    const hue = (subject.index * HUE_STEP) % 1;
    this.#subject = subject;
    this.#palette = [colour(hue, 0.5, 0.28), colour(hue, 0.5, 0.45), [255, 255, 255], colour(hue, 0.5, 0.12)];
    this.#drawSubject();
  }

  /** The PNG of a moment, in seconds since the recording started. */
  at(seconds: number): Uint8Array {
    this.#fill(FRAME, CLOCK_Y, PICTURE_SIZE.width - 2 * FRAME, LARGE * GLYPH.rows, INK.background);
    const clock = clockText(seconds);
    const width = LARGE * (GLYPH.columns + 1) * clock.length - LARGE;
    this.#write(clock, PIXELS * Math.floor((PICTURE_SIZE.width - width) / 2 / PIXELS), CLOCK_Y, LARGE);
    return encode({
      width: PICTURE_SIZE.width,
      height: PICTURE_SIZE.height,
      data: this.#pixels,
      depth: 2,
      channels: 1,
      palette: this.#palette,
    });
  }

  /** What stays as it is. A screen has a frame, a camera a band. */
  #drawSubject(): void {
    const { width, height } = PICTURE_SIZE;
    const { id, name, type } = this.#subject;
    if (type === 'screenshare') {
      this.#fill(0, 0, width, height, INK.shade);
      this.#fill(FRAME, FRAME, width - 2 * FRAME, height - 2 * FRAME, INK.background);
    } else this.#fill(0, height - 104, width, 104, INK.dark);
    this.#write(type.toUpperCase(), MARGIN, MARGIN, SMALL);
    this.#write(name ?? '(no name)', MARGIN, height - 84, SMALL);
    this.#write(`#${id}`, MARGIN, height - 48, SMALL);
  }

  #write(text: string, x: number, y: number, dot: number): void {
    for (const [index, columns] of glyphsOf(text).slice(0, LINE_GLYPHS).entries()) {
      for (const [column, dots] of columns.entries()) {
        const left = x + dot * (index * (GLYPH.columns + 1) + column);
        for (let row = 0; row < GLYPH.rows; row++)
          if ((dots & (1 << row)) !== 0) this.#fill(left, y + dot * row, dot, dot, INK.text);
      }
    }
  }

  /** A rectangle; `x` and `width` are multiples of four pixels. */
  #fill(x: number, y: number, width: number, height: number, ink: number): void {
    for (let row = y; row < y + height; row++) {
      const start = row * ROW_BYTES + x / PIXELS;
      this.#pixels.fill(ink, start, start + width / PIXELS);
    }
  }
}

/** `3:07.5`, and `1:03:07.5` after an hour. */
function clockText(seconds: number): string {
  const tenths = Math.floor(seconds * 10 + 1e-6);
  const hours = Math.floor(tenths / 36_000);
  const minutes = Math.floor(tenths / 600) % 60;
  const rest = `${String(Math.floor(tenths / 10) % 60).padStart(2, '0')}.${tenths % 10}`;
  return hours === 0 ? `${minutes}:${rest}` : `${hours}:${String(minutes).padStart(2, '0')}:${rest}`;
}

/** Red, green and blue of 0 to 255; hue, saturation and lightness go from 0 to 1. */
function colour(hue: number, saturation: number, lightness: number): number[] {
  const reach = saturation * Math.min(lightness, 1 - lightness);
  return [0, 8, 4].map((offset) => {
    const place = (offset + hue * 12) % 12;
    return Math.round(255 * (lightness - reach * Math.max(-1, Math.min(place - 3, 9 - place, 1))));
  });
}
