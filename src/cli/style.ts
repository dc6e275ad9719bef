/** Colours, only where they are seen: not in a pipe or a file, not under NO_COLOR; FORCE_COLOR has them everywhere. */
import { styleText } from 'node:util';

export type Colour = 'green' | 'yellow' | 'red' | 'gray' | 'bold';

export function colour(stream: NodeJS.WriteStream, name: Colour, text: string): string {
  return styleText(name, text, { stream });
}

/** What stands before a verdict. */
export function mark(stream: NodeJS.WriteStream, ok: boolean): string {
  return ok ? colour(stream, 'green', '✔') : colour(stream, 'red', '✘');
}
