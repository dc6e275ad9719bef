/**
 * The one cleaning of text that came from outside (close reasons, HTTP status texts, names, file paths, messages) before it is
 * printed or logged. What could move a cursor, begin a new line or hide what follows becomes a visible escape.
 */

/** C0 and C1 controls, DEL, line separators, and the characters that turn the direction of writing. */
const UNSAFE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

const LONE_SURROGATE = /\p{Surrogate}/gu;

/** Longer texts say nothing more to a person. */
const DEFAULT_MAX_CHARACTERS = 500;

/** One line without control characters: `\n` and escape codes are written out, as in JSON. Longer texts are cut with `…`. */
export function plainText(text: string, maxCharacters = DEFAULT_MAX_CHARACTERS): string {
  const cut = text.length > maxCharacters ? `${text.slice(0, maxCharacters - 1)}…` : text;
  return cut.replace(LONE_SURROGATE, '\ufffd').replace(UNSAFE, escaped);
}

/** A value as JSON on one line: the same data, with what a terminal would obey written as `\u` escapes. */
export function plainJson(value: unknown, without?: string): string {
  const text = JSON.stringify(value, (key, each: unknown) => (key === without ? undefined : each));
  return text.replace(UNSAFE, escaped);
}

function escaped(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  if (character === '\t') return '\\t';
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
