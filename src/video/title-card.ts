/** The picture of a whole meeting, which `video_mixed` shows from its beginning to its end: its title and who was there. */
import { PICTURE_SIZE } from '../protocol/video-separate-png.ts';
import { Canvas, colour, INK } from './canvas.ts';

export interface Card {
  readonly canvas: Canvas;
  /** Red, green and blue of 0 to 255, by the number of the colour. */
  readonly palette: readonly (readonly number[])[];
}

const MARGIN = 32;
const DOT = 4;
const LINE = 40;
/** Lines of names. */
const ROOM = 6;

/** Names that have no room are counted. */
export function titleCard(title: string | null, names: readonly (string | null)[]): Card {
  const canvas = new Canvas();
  canvas.fill(0, 0, PICTURE_SIZE.width, 2 * MARGIN + LINE - 12, INK.dark);
  canvas.write(title ?? 'Meeting', MARGIN, MARGIN, DOT);
  const listed = names.length > ROOM ? names.slice(0, ROOM - 1) : names;
  const lines = listed.map((name) => name ?? '(no name)');
  if (listed.length < names.length) lines.push(`and ${names.length - listed.length} more`);
  for (const [index, line] of lines.entries()) canvas.write(line, MARGIN, 112 + LINE * index, DOT);
  return {
    canvas,
    palette: [colour(0.6, 0.3, 0.28), colour(0.6, 0.3, 0.45), [255, 255, 255], colour(0.6, 0.3, 0.12)],
  };
}
