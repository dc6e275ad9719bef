/** JSON from outside, bounded in depth: what is nested deeper than anything that is meant cannot be written again either. */

/** Requests of real apps nest less than ten deep. */
export const MAX_JSON_DEPTH = 100;

/** Throws a `SyntaxError` for text that is no JSON or is nested deeper than `MAX_JSON_DEPTH`. */
export function parseJson(text: string): unknown {
  if (isTooDeep(text)) throw new SyntaxError(`Nested more than ${MAX_JSON_DEPTH} levels deep`);
  return JSON.parse(text);
}

/** Counts brackets outside of strings: a text in which they do not match is no JSON, and the parser says so. */
export function isTooDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === BACKSLASH) at++;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) inString = true;
    else if (code === BRACE_OPEN || code === BRACKET_OPEN) {
      if (++depth > MAX_JSON_DEPTH) return true;
    } else if (code === BRACE_CLOSE || code === BRACKET_CLOSE) depth--;
  }
  return false;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const BRACE_OPEN = 0x7b;
const BRACE_CLOSE = 0x7d;
const BRACKET_OPEN = 0x5b;
const BRACKET_CLOSE = 0x5d;
