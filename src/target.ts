/**
 * The one reading of URLs that are dialled: WebSocket receivers and webhooks. Everything that takes such a URL from outside
 * (options, request bodies, rules of replacement) reads it here and dials what it gives, so that nothing which passes here can
 * be thrown at by `ws` or `http.request` later.
 */
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { type Problem, UsageError } from './errors.ts';
import { plainText } from './plain-text.ts';

export type TargetKind = 'websocket' | 'webhook';

const PROTOCOLS: Readonly<Record<TargetKind, readonly string[]>> = {
  websocket: ['ws:', 'wss:'],
  webhook: ['http:', 'https:'],
};
const EXAMPLES: Readonly<Record<TargetKind, string>> = {
  websocket: 'ws://127.0.0.1:4000/audio/',
  webhook: 'http://127.0.0.1:4000/webhooks',
};
const NAMES: Readonly<Record<TargetKind, string>> = {
  websocket: 'a WebSocket URL',
  webhook: 'an http or https URL',
};

export type TargetResult =
  | { readonly ok: true; readonly url: string }
  | { readonly ok: false; readonly problem: Problem };

/**
 * Reads a URL as browsers do (`new URL`): the path and query stay as they are, the scheme and host are made lower case, spaces
 * around it fall away. Says what is wrong with anything that cannot be dialled; never throws.
 */
export function parseTarget(text: string, kind: TargetKind): TargetResult {
  const shown = plainText(text, 200);
  const wrong = (message: string, hint: string): TargetResult => ({
    ok: false,
    problem: { code: 'invalid_url', message, hint },
  });
  if (!URL.canParse(text)) return wrong(`"${shown}" is not a URL.`, `Give one such as ${EXAMPLES[kind]}.`);
  const url = new URL(text);
  const { protocol } = url;
  if (!PROTOCOLS[kind].includes(protocol)) {
    return wrong(
      `"${protocol}//" does not begin ${NAMES[kind]}.`,
      `Use ${PROTOCOLS[kind].map((each) => `${each}//`).join(' or ')}, such as ${counterpart(url, kind) ?? EXAMPLES[kind]}.`,
    );
  }
  if (url.hash !== '') {
    return wrong(
      `The URL has a fragment (${plainText(url.hash, 100)}), which is never sent.`,
      'Leave it out.',
    );
  }
  // Clients decode what stands before the @ for the Authorization header.
  if (!isDecodable(url.username) || !isDecodable(url.password)) {
    return wrong(
      'The user name or password in the URL has a % that is no escape.',
      'Write % as %25 in front of the @.',
    );
  }
  return { ok: true, url: url.href };
}

/** Host and port of a URL, for texts: tokens ride in paths and queries. What is no URL is as it was. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

/** The same place by a scheme of this kind: `ws://…` for `http://…`. Without the query, which may have a token. */
function counterpart({ protocol, host, pathname }: URL, kind: TargetKind): string | undefined {
  const [plain, secure] = PROTOCOLS[kind];
  const scheme = ['http:', 'ws:'].includes(protocol)
    ? plain
    : ['https:', 'wss:'].includes(protocol)
      ? secure
      : undefined;
  return scheme === undefined ? undefined : `${scheme}//${host}${pathname}`;
}

/** The same for options: the URL to dial. Throws a `UsageError` (`invalid_url`). */
export function readTarget(text: string, kind: TargetKind): string {
  const result = parseTarget(text, kind);
  if (result.ok) return result.url;
  const { code, message, hint } = result.problem;
  throw new UsageError(code, message, { hint });
}

/** The URL without what is secret in it: user, password and the values of the query are `***`. For messages and reports. */
export function redactTarget(text: string): string {
  if (!URL.canParse(text)) return plainText(text, 200);
  const url = new URL(text);
  url.search = withoutTokens(url.search);
  if (url.username !== '') url.username = '***';
  if (url.password !== '') url.password = '***';
  return url.href;
}

/** A path with its query, without what may be a token in it: values, and names that have none. Twins are one. */
export function withoutTokens(url: string): string {
  const question = url.indexOf('?');
  if (question === -1) return url;
  const pairs = url
    .slice(question + 1)
    .split('&')
    .map((pair) =>
      pair.includes('=') ? `${pair.slice(0, pair.indexOf('='))}=***` : pair === '' ? '' : '***',
    );
  return `${url.slice(0, question)}?${[...new Set(pairs)].join('&')}`;
}

/**
 * Recall wants a `/` in front of the query: "or your request fails with HTTP 400" ("Real-Time Websocket Endpoints", 2026).
 * Undefined when there is nothing to say.
 */
export function slashWarning(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { search, pathname } = new URL(text);
  if (search === '' || pathname.endsWith('/')) return undefined;
  return `Recall answers HTTP 400 for a URL whose path has no / before its query: write ${pathname}/?…`;
}

/** Refuses header names and values that HTTP cannot carry. Throws a `UsageError` (`invalid_header`). */
export function checkHeaders(headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    try {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    } catch {
      throw new UsageError('invalid_header', `The header "${plainText(name, 100)}" cannot be sent.`, {
        hint: 'A name has letters, digits and -; a value has no line breaks and no characters beyond Latin-1.',
      });
    }
  }
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
