/** How a process ended, and what it said at last, without what says nothing of the cause. */
import { plainText } from '../../plain-text.ts';

/** `with code 1`, `by SIGSEGV`. */
export function howOf({
  code,
  signal,
}: {
  readonly code: number | null;
  readonly signal: string | null;
}): string {
  return signal === null ? `with code ${code}` : `by ${signal}`;
}

/** What says nothing of the cause: stack frames, lines without a word, and the version at the end of Node's last words. */
const NOISE = /^\s*(at .*|Node\.js v[\d.]+|[^\p{L}\d]*)$/u;

/** As Node, Python, Java and Go begin them. */
const ERROR = /^[\w.\s]*(Error|Exception)\b|^panic: /;

/** Of a standard error's last lines, those that may say why. */
export function tellingLines(stderr: readonly string[]): readonly string[] {
  return stderr.filter((line) => !NOISE.test(line));
}

const MAX_LINES = 8;
const MAX_CHARACTERS = 200;

/** The line that names an error with what follows it, as one: some say on the next lines what they are about. Empty when it said nothing. */
export function lastWords(stderr: readonly string[]): string {
  const lines = tellingLines(stderr);
  const at = lines.findLastIndex((line) => ERROR.test(line));
  const told = at === -1 ? lines.slice(-3) : lines.slice(at, at + MAX_LINES);
  return plainText(told.map((line) => line.trim()).join(' '), MAX_CHARACTERS);
}
