/** JSON from outside. Deep nesting is refused here, so that nothing behind this door has to fear for its stack. */
import type { Problem } from './errors.ts';

/** Messages and requests have fewer than ten levels; `extra_data` of some platform may have a few more. */
export const MAX_JSON_DEPTH = 100;

export type JsonResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problem: Problem };

/** Parses a text. What is wrong with it is told as `invalid_json` or `too_deep`; never throws. */
export function parseJson(text: string): JsonResult {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return {
      ok: false,
      problem: { code: 'invalid_json', message: `Not JSON: ${(error as Error).message}.` },
    };
  }
  // What was parsed neither holds itself nor has a part in two places: no need to remember where one has been.
  return isDeeperTree(value, MAX_JSON_DEPTH) ? { ok: false, problem: TOO_DEEP } : { ok: true, value };
}

/** What is wrong with data that is nested too deep to be worked with, or holds itself. */
export function tooDeep(value: unknown): Problem | undefined {
  return isDeeper(value, MAX_JSON_DEPTH) ? TOO_DEEP : undefined;
}

const TOO_DEEP: Problem = {
  code: 'too_deep',
  message: `It is nested more than ${MAX_JSON_DEPTH} levels deep.`,
  hint: 'Make it flatter.',
};

/** The same of a tree. Calls itself no deeper than `max` levels. */
function isDeeperTree(value: unknown, max: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (max < 0) return true;
  for (const child of Array.isArray(value) ? value : Object.values(value))
    if (isDeeperTree(child, max - 1)) return true;
  return false;
}

/**
 * Whether objects and arrays are nested more than `max` levels deep; anything that holds itself is. Level by level, without
 * recursion, and every object once a level, however often it is referred to.
 */
function isDeeper(value: unknown, max: number): boolean {
  let level = new Set([value]);
  for (let depth = 0; level.size > 0; depth++) {
    if (depth > max) return true;
    const below = new Set<unknown>();
    for (const node of level) {
      if (typeof node !== 'object' || node === null) continue;
      for (const child of Object.values(node))
        if (typeof child === 'object' && child !== null) below.add(child);
    }
    level = below;
  }
  return false;
}

/**
 * Whether a text that is still to be parsed is nested too deep. Counts brackets outside of strings: a text in which they do not
 * match is no JSON, and the parser says so.
 */
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
