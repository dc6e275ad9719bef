/**
 * Why a signature is wrong, in terms of what to mend. A verifier for programs says no (`verifyRequest`); this one tries what
 * commonly goes wrong, and says so when it cannot tell.
 */
import { createHmac } from 'node:crypto';
import { parseJson } from '../json.ts';
import { plainText } from '../plain-text.ts';
import { enumerated } from '../words.ts';
import {
  HEADER_NAMES,
  type SignatureHeaderStyle,
  signRequest,
  TOLERANCE_SECONDS,
  type VerifyRequestOptions,
} from './signing.ts';

export type SignatureCause =
  /** None of the headers is there. */
  | 'not_signed'
  /** Some are there. */
  | 'headers_missing'
  /** They are of both sets, or of none that Recall has. */
  | 'header_names'
  /** The timestamp is no number of seconds. */
  | 'timestamp'
  /** The signature is right, and its time is not. */
  | 'clock'
  /** The right HMAC, not written as `v1,` and base64. */
  | 'signature_format'
  /** The text of the secret was the key, and not what it is the base64 of. */
  | 'key_not_decoded'
  /** Something else than `id.timestamp.body` was signed. */
  | 'signed_content'
  /** It is right for another text of the body. */
  | 'body_changed'
  /** Another secret, or something was changed: one request does not tell. */
  | 'secret_or_content';

export type SignatureVerdict =
  | { readonly ok: true; readonly headers: SignatureHeaderStyle }
  | {
      readonly ok: false;
      readonly cause: SignatureCause;
      /** What is wrong, in a sentence. Safe to print. */
      readonly text: string;
      /** What to do. */
      readonly hint: string;
    };

interface Signed {
  readonly style: SignatureHeaderStyle;
  readonly id: string;
  readonly timestamp: string;
  readonly signature: string;
}

const SECRET_OR_CONTENT =
  'The secret did not make this signature: it is another secret, or the body, the id, the time or the signature was changed on the way.';

/** Throws a `UsageError` (`invalid_secret`) for a secret that is none. */
export function signatureVerdict(
  options: VerifyRequestOptions & { readonly secret: string },
): SignatureVerdict {
  const { secret, body = '', nowSeconds, toleranceSeconds = TOLERANCE_SECONDS } = options;
  const signed = signedBy(options.headers);
  if ('ok' in signed) return signed;
  const { style, id, timestamp, signature } = signed;
  if (!/^\d{1,12}$/.test(timestamp)) return wrongTimestamp(timestamp);
  const timestampSeconds = Number(timestamp);
  const signatureOf = (text: string): string => {
    const names = HEADER_NAMES.standard;
    return signRequest({ secret, id, timestampSeconds, body: text })[names.signature]!;
  };
  const offered = signature.split(' ');
  const offSeconds = nowSeconds - timestampSeconds;
  if (offered.includes(signatureOf(body)))
    return Math.abs(offSeconds) <= toleranceSeconds
      ? { ok: true, headers: style }
      : wrongClock(offSeconds, toleranceSeconds);
  return (
    wrongFormat(offered, signatureOf(body)) ??
    wrongKey(offered, secret, `${id}.${timestamp}.${body}`) ??
    wrongContent(offered, secret, { id, timestamp, body }) ??
    changedBody(offered, body, signatureOf) ??
    wrong(
      'secret_or_content',
      SECRET_OR_CONTENT,
      'Compare the secret with that of this endpoint first; then look for what changes requests on the way.',
    )
  );
}

function wrong(cause: SignatureCause, text: string, hint: string): SignatureVerdict & { ok: false } {
  return { ok: false, cause, text, hint };
}

type Part = 'id' | 'timestamp' | 'signature';
const PARTS: readonly Part[] = ['id', 'timestamp', 'signature'];

/** What the headers say, or what is wrong with them. */
export function signedBy(
  headers: VerifyRequestOptions['headers'],
): Signed | (SignatureVerdict & { readonly ok: false }) {
  const given = new Map(
    Object.entries(headers).flatMap(([name, value]) => {
      const first = typeof value === 'string' ? value : value?.[0];
      return first === undefined ? [] : [[name.toLowerCase(), first] as const];
    }),
  );
  const found = (style: SignatureHeaderStyle): Part[] =>
    PARTS.filter((part) => given.has(HEADER_NAMES[style][part].toLowerCase()));
  for (const style of ['standard', 'svix'] as const) {
    if (found(style).length < PARTS.length) continue;
    const value = (part: Part): string => given.get(HEADER_NAMES[style][part].toLowerCase())!;
    return { style, id: value('id'), timestamp: value('timestamp'), signature: value('signature') };
  }
  const there = (['standard', 'svix'] as const).flatMap((style) =>
    found(style).map((part) => HEADER_NAMES[style][part]),
  );
  const isMixed = found('standard').length > 0 && found('svix').length > 0;
  if (isMixed) {
    return wrong(
      'header_names',
      `Its headers are of both sets: ${enumerated(there)}.`,
      'All three are webhook-* or, in workspaces made before 2025-12-15, all three svix-*.',
    );
  }
  return there.length > 0 ? missing(there) : unsigned([...given.keys()]);
}

function missing(there: readonly string[]): SignatureVerdict & { ok: false } {
  const style = there.some((name) => name.startsWith('svix')) ? 'svix' : 'standard';
  const lacking = Object.values(HEADER_NAMES[style]).filter((name) => !there.includes(name));
  return wrong(
    'headers_missing',
    `${enumerated(lacking)} ${lacking.length === 1 ? 'is' : 'are'} missing; ${enumerated(there)} came.`,
    'Look for a proxy that passes only the headers it knows.',
  );
}

const MAX_SHOWN_NAMES = 5;

function unsigned(names: readonly string[]): SignatureVerdict & { ok: false } {
  const alike = names.filter((name) => /signature|webhook|svix/.test(name)).slice(0, MAX_SHOWN_NAMES);
  if (alike.length > 0) {
    return wrong(
      'header_names',
      `It has ${plainText(enumerated(alike), 200)}, and none of the headers that Recall signs with.`,
      `Those are ${enumerated(Object.values(HEADER_NAMES.standard))}.`,
    );
  }
  return wrong(
    'not_signed',
    'It is not signed.',
    'Recall signs once the workspace has a secret; or a proxy on the way took the headers out.',
  );
}

function wrongTimestamp(timestamp: string): SignatureVerdict {
  const isMillis = /^\d{13}$/.test(timestamp);
  return wrong(
    'timestamp',
    isMillis
      ? 'The timestamp is in milliseconds.'
      : `The timestamp "${plainText(timestamp, 40)}" is no number of seconds.`,
    'It is Unix time in whole seconds, also where it is signed.',
  );
}

function wrongClock(offSeconds: number, toleranceSeconds: number): SignatureVerdict {
  const far = Math.abs(offSeconds);
  return wrong(
    'clock',
    `The signature is right, but it was made ${far} s ${offSeconds > 0 ? 'ago' : 'from now'}: more than ${toleranceSeconds} s are not borne.`,
    offSeconds > 0
      ? 'One of the clocks is wrong, or the request was kept and sent again as it was.'
      : 'One of the clocks is wrong.',
  );
}

/** `right`: as it has to be, `v1,` and base64. */
function wrongFormat(offered: readonly string[], right: string): SignatureVerdict | undefined {
  const base64 = right.slice('v1,'.length);
  const hex = Buffer.from(base64, 'base64').toString('hex');
  const bare = offered.map((each) => each.replace(/^(v1|sha256)[=,]/i, ''));
  const how = bare.includes(base64)
    ? 'without "v1," before it'
    : bare.some((each) => each.toLowerCase() === hex)
      ? 'in hexadecimal digits'
      : undefined;
  if (how === undefined) return undefined;
  return wrong('signature_format', `The signature is right, and written ${how}.`, 'Write "v1," and base64.');
}

function wrongKey(offered: readonly string[], secret: string, content: string): SignatureVerdict | undefined {
  const keys = [secret, secret.slice('whsec_'.length)];
  if (!keys.some((key) => offered.includes(hmac(key, content)))) return undefined;
  return wrong(
    'key_not_decoded',
    'It is signed with the text of the secret as the key.',
    'The key is what the part after whsec_ is the base64 of.',
  );
}

function wrongContent(
  offered: readonly string[],
  secret: string,
  { id, timestamp, body }: { readonly id: string; readonly timestamp: string; readonly body: string },
): SignatureVerdict | undefined {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const contents = {
    'the body alone': body,
    'the time and the body': `${timestamp}.${body}`,
    'the id and the body': `${id}.${body}`,
  };
  const found = Object.entries(contents).find(([, content]) => offered.includes(hmac(key, content)));
  if (found === undefined) return undefined;
  return wrong(
    'signed_content',
    `It signs ${found[0]}.`,
    'What is signed is id.timestamp.body, with dots between.',
  );
}

function hmac(key: string | Buffer, content: string): string {
  return `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
}

/** The same JSON as others write it, and the texts that frameworks make of a body. */
function changedBody(
  offered: readonly string[],
  body: string,
  signatureOf: (text: string) => string,
): SignatureVerdict | undefined {
  const found = Object.entries(textsLike(body)).find(
    ([, text]) => text !== body && offered.includes(signatureOf(text)),
  );
  if (found === undefined) return undefined;
  return wrong(
    'body_changed',
    `The body was changed after it was signed: the signature is right for ${found[0]}.`,
    'Something on the way reads the JSON and writes it anew: pass the bytes on as they came.',
  );
}

function textsLike(body: string): Readonly<Record<string, string>> {
  const texts: Record<string, string> = {
    'the body without the space around it': body.trim(),
    'the body with a line break at its end': `${body}\n`,
    'an empty body': '',
  };
  const json = parseJson(body);
  if (!json.ok) return texts;
  const compact = JSON.stringify(json.value);
  // Line breaks in strings are escapes: these are only those of the writing.
  const spaced = JSON.stringify(json.value, null, 1)
    .replace(/,\n\s*/g, ', ')
    .replace(/\n\s*/g, '');
  return {
    ...texts,
    'the same JSON without spaces': compact,
    'the same JSON with a space after , and :': spaced,
    'the same JSON with escapes for what is not ASCII': escaped(compact),
    'the same JSON with spaces and escapes for what is not ASCII': escaped(spaced),
    'the same JSON indented by 2': JSON.stringify(json.value, null, 2),
    'the same JSON indented by 4': JSON.stringify(json.value, null, 4),
  };
}

function escaped(json: string): string {
  return json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
