/**
 * What is kept of the JSON of requests and answers: bounded, and without what is secret in it. In place of what is left out
 * stands a print of it, so that what is different stays different.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { redactTarget } from '../../target.ts';

/** Longer texts are cut; audio in base64 is the usual one. */
const MAX_TEXT = 1_000;
/** Of a list, and of the fields of an object. */
const MAX_ENTRIES = 100;
/** Characters of all texts and names together; a value counts for two. */
const MAX_CHARACTERS = 32_000;

/** Of this process: a print tells equal from different, and nobody can try what it is of. */
const PRINT_KEY = randomBytes(16);

/** Fields whose text is nobody's business, such as `obf_token` and `api_key`. URLs of tokens are URLs. */
const SECRET_FIELD = /(^|_)(tokens?|secret|password|passcode|credentials?|authorization|api_?key)$/i;

/** A copy to keep. `value` is JSON that is not nested too deep. */
export function keptJson(value: unknown): unknown {
  const budget = { left: MAX_CHARACTERS };
  return kept(value, '', budget);
}

function kept(value: unknown, field: string, budget: { left: number }): unknown {
  if (budget.left <= 0 && value !== undefined) return '…';
  budget.left -= 2;
  if (typeof value === 'string') return keptText(value, field, budget);
  if (typeof value !== 'object' || value === null) return value;
  // What expects something that may be one of many, as matchers of test runners do, is no data.
  if (isMatcher(value)) return value;
  if (Array.isArray(value)) {
    const entries = value.slice(0, MAX_ENTRIES).map((each) => kept(each, field, budget));
    return entries.length < value.length ? [...entries, `… ${value.length - entries.length} more`] : entries;
  }
  const fields = Object.entries(value);
  const entries = fields.slice(0, MAX_ENTRIES).map(([name, each]): [string, unknown] => {
    budget.left -= name.length;
    return [name.slice(0, MAX_TEXT), kept(each, name, budget)];
  });
  if (entries.length < fields.length) entries.push(['…', `${fields.length - entries.length} more`]);
  return Object.fromEntries(entries);
}

function keptText(text: string, field: string, budget: { left: number }): string {
  if (SECRET_FIELD.test(field) && text !== '') return `*** (${printOf(text)})`;
  const isUrl = /^[a-z]+:\/\//i.test(text) && text.length <= MAX_TEXT;
  const room = Math.min(MAX_TEXT, Math.max(0, budget.left));
  budget.left -= Math.min(text.length, room);
  if (isUrl && /[?@]/.test(text)) return `${redactTarget(text)} (${printOf(text)})`;
  return text.length <= room ? text : `${text.slice(0, room)}… (${text.length} characters, ${printOf(text)})`;
}

function printOf(text: string): string {
  return createHmac('sha256', PRINT_KEY).update(text).digest('hex').slice(0, 8);
}

/** As `expect.stringContaining('x')` of Jest and vitest: it says itself what it is equal to. */
export interface Matcher {
  asymmetricMatch(value: unknown): boolean;
  /** What it is, for people. */
  toAsymmetricMatcher?(): string;
}

export function isMatcher(value: unknown): value is Matcher {
  return typeof (value as { readonly asymmetricMatch?: unknown } | null)?.asymmetricMatch === 'function';
}
