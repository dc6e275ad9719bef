/**
 * How a page gets in where the control API needs a key: EventSource and WebSockets cannot send one. A token in the URL that the server
 * prints is good for one visit, and is exchanged for a cookie that no script and no other site can use. Kept in memory: a restart
 * forgets them all.
 */
import { randomBytes } from 'node:crypto';
import { equalSecrets } from '../../../guard.ts';

const TOKEN_BYTES = 24;
/** Tokens that nobody has used, and visits: the oldest go first. */
const MAX_TOKENS = 16;
const MAX_VISITS = 100;

export class RoomKeys {
  readonly #tokens: string[] = [];
  readonly #visits: string[] = [];

  /** A token for one visit. */
  token(): string {
    return add(this.#tokens, MAX_TOKENS);
  }

  /** What the cookie of a new visit holds; undefined for a token that is none, or has been used. */
  enter(token: string): string | undefined {
    const at = this.#tokens.findIndex((each) => equalSecrets(each, token));
    if (at === -1) return undefined;
    this.#tokens.splice(at, 1);
    return add(this.#visits, MAX_VISITS);
  }

  /** Of somebody who has shown the API key. */
  admit(): string {
    return add(this.#visits, MAX_VISITS);
  }

  knows(visit: string | undefined): boolean {
    return visit !== undefined && this.#visits.some((each) => equalSecrets(each, visit));
  }
}

function add(list: string[], most: number): string {
  const secret = randomBytes(TOKEN_BYTES).toString('base64url');
  list.push(secret);
  if (list.length > most) list.shift();
  return secret;
}

/** Cookies do not tell ports apart: the name does. `host`: the `Host` header. */
function cookieName(host: string): string {
  return `recall_emulator_room_${/:(\d+)$/.exec(host)?.[1] ?? '0'}`;
}

/** The visit of a request, by its `Cookie` header. */
export function visitOf(cookies: string | undefined, host: string): string | undefined {
  const name = cookieName(host);
  for (const part of (cookies ?? '').split(';')) {
    const at = part.indexOf('=');
    if (part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return undefined;
}

/** `Set-Cookie` of a visit. */
export function visitCookie(visit: string, host: string, isSecure: boolean): string {
  return `${cookieName(host)}=${visit}; Path=/; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;
}
