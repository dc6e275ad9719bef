/** Text in columns of a terminal: widths are what is seen (CJK and emoji take two columns, colours none). Prints nothing. */
import { createRequire } from 'node:module';
import { inFlags } from './command-flags.ts';

const require = createRequire(import.meta.url);

/** What pipes and files get: fits every terminal. */
const DEFAULT_COLUMNS = 80;

/** The width of a stream's terminal. */
export function columnsOf(stream: NodeJS.WriteStream): number {
  return stream.columns || DEFAULT_COLUMNS;
}

/** What most lines are made of: Latin letters and our own signs, each a column wide. */
const PLAIN_LINE = /^[ -~¡-¬®-ɏ–…→−✔✘█░▮▯]*$/;

/** Columns that a text takes. */
export function widthOf(text: string): number {
  if (PLAIN_LINE.test(text)) return text.length;
  // Loaded when it is needed: its patterns of all emoji take a quarter of the start of the command line.
  const { default: stringWidth } = require('string-width') as typeof import('string-width');
  return stringWidth(text);
}

/** At most `width` columns; what is longer ends with `…`. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  let kept = '';
  let used = 1;
  for (const { segment } of characters.segment(text)) {
    used += widthOf(segment);
    if (used > width) break;
    kept += segment;
  }
  return width < 1 ? '' : `${kept}…`;
}

/** Exactly `width` columns: cut, or filled up with spaces. */
export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const shown = cut(text, width);
  const space = ' '.repeat(Math.max(0, width - widthOf(shown)));
  return align === 'left' ? shown + space : space + shown;
}

/**
 * Breaks a sentence between words. What follows the first line is indented. A word that is too long stays whole. Options become
 * flags before that: they are not as wide.
 */
export function wrap(text: string, width: number, indent = 2): string[] {
  const [start = ''] = /^ */.exec(text) ?? [];
  const lines: string[] = [];
  let line = start;
  let words = 0;
  for (const word of inFlags(text.slice(start.length)).split(' ')) {
    const longer = words === 0 ? line + word : `${line} ${word}`;
    if (words > 0 && widthOf(longer) > width) {
      lines.push(line);
      line = ' '.repeat(indent) + word;
      words = 1;
    } else {
      line = longer;
      words++;
    }
  }
  return [...lines, line];
}

export interface Column {
  readonly head: string;
  readonly align?: 'left' | 'right';
  /** Shortens a cell; cuts its end when left out. */
  readonly cut?: (text: string, width: number) => string;
}

const GAP = '  ';

/**
 * Rows under heads. The first column gives way when all of them do not fit. Undefined when less than `minFirst` columns would
 * be left to it.
 */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
  minFirst: number,
): string[] | undefined {
  const widths = columns.map(({ head }, index) =>
    Math.max(widthOf(head), ...rows.map((row) => widthOf(row[index] ?? ''))),
  );
  const others = widths.slice(1).reduce((sum, each) => sum + GAP.length + each, 0);
  if (width - others < Math.min(widths[0]!, minFirst)) return undefined;
  widths[0] = Math.min(widths[0]!, width - others);
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ align }, index) => pad(cells[index] ?? '', widths[index]!, align))
      .join(GAP)
      .trimEnd();
  const [{ cut: shorten = cut } = {}] = columns;
  const fitting = rows.map(([first = '', ...rest]) => [shorten(first, widths[0]!), ...rest]);
  return [columns.map(({ head }) => head), ...fitting].map(line);
}

/** Names and what they are. Long values go on below themselves; in a narrow terminal they stand below their names. */
export function definitions(
  entries: readonly (readonly [name: string, value: string])[],
  width: number,
): string[] {
  const names = Math.max(0, ...entries.map(([name]) => widthOf(name)));
  const beside = width - names - GAP.length;
  if (beside < MIN_VALUE_COLUMNS)
    return entries.flatMap(([name, value]) => [
      ...wrap(name, width),
      ...wrap(value, width - GAP.length, 0).map((line) => GAP + line),
    ]);
  return entries.flatMap(([name, value]) =>
    wrap(value, beside, 0).map((line, index) => pad(index === 0 ? name : '', names) + GAP + line),
  );
}

const MIN_VALUE_COLUMNS = 20;
