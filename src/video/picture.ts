/**
 * Draws what a participant's camera or screen shows: their name and id, the type, a running clock, in a colour of their own. The
 * same subject at the same moment has the same bytes. Knows nothing of streams.
 *
 * Four colours of two bits each: a picture is 57,600 bytes before and a few hundred after compression, and takes about a
 * millisecond; in true colour it would take the pacer's thread from the audio for too long.
 */
import { encode } from 'fast-png';
import { PICTURE_SIZE, type VideoType } from '../protocol/video-separate-png.ts';
import { Canvas, colour, hueOf, INK, PIXELS } from './canvas.ts';
import { GLYPH } from './font.ts';

export interface Subject {
  readonly id: number;
  readonly name: string | null;
  readonly type: VideoType;
  /** The participant's place in the meeting, which their colour comes from. */
  readonly index: number;
}

const MARGIN = 32;
const SMALL = 4;
const LARGE = 8;
const FRAME = 12;
const CLOCK_Y = 140;

export class Picture {
  readonly #subject: Subject;
  readonly palette: number[][];
  readonly canvas = new Canvas();

  constructor(subject: Subject) {
    const hue = hueOf(subject.index);
    this.#subject = subject;
    this.palette = [colour(hue, 0.5, 0.28), colour(hue, 0.5, 0.45), [255, 255, 255], colour(hue, 0.5, 0.12)];
    this.#drawSubject();
  }

  /** The PNG of a moment, in seconds since the recording started. */
  at(seconds: number): Uint8Array {
    this.canvas.fill(FRAME, CLOCK_Y, PICTURE_SIZE.width - 2 * FRAME, LARGE * GLYPH.rows, INK.background);
    const clock = clockText(seconds);
    const width = LARGE * (GLYPH.columns + 1) * clock.length - LARGE;
    this.canvas.write(clock, PIXELS * Math.floor((PICTURE_SIZE.width - width) / 2 / PIXELS), CLOCK_Y, LARGE);
    return encode({
      width: PICTURE_SIZE.width,
      height: PICTURE_SIZE.height,
      data: this.canvas.pixels,
      depth: 2,
      channels: 1,
      palette: this.palette,
    });
  }

  /** What stays as it is. A screen has a frame, a camera a band. */
  #drawSubject(): void {
    const { width, height } = PICTURE_SIZE;
    const { id, name, type } = this.#subject;
    if (type === 'screenshare') {
      this.canvas.fill(0, 0, width, height, INK.shade);
      this.canvas.fill(FRAME, FRAME, width - 2 * FRAME, height - 2 * FRAME, INK.background);
    } else this.canvas.fill(0, height - 104, width, 104, INK.dark);
    this.canvas.write(type.toUpperCase(), MARGIN, MARGIN, SMALL);
    this.canvas.write(name ?? '(no name)', MARGIN, height - 84, SMALL);
    this.canvas.write(`#${id}`, MARGIN, height - 48, SMALL);
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
