/** JSON as a trace keeps it: base64 and what else is long is told by its length. */

const MAX_TEXT = 1_000;
const MAX_DEPTH = 40;

/** The same value with long texts cut. What is nested too deep to be looked at is left out. */
export function shortened(value: unknown, depth = 0): unknown {
  if (typeof value === 'string')
    return value.length <= MAX_TEXT
      ? value
      : `${value.slice(0, 40)}… (${value.length.toLocaleString('en')} characters)`;
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '…';
  if (Array.isArray(value)) return value.map((each) => shortened(each, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shortened(each, depth + 1)]));
}
