/** Who is let in: by the name they call us, the page they come from, and the signature. */
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { isOurHost, isOurOrigin } from '../guard.ts';
import { plainText } from '../plain-text.ts';
import { verifyRequest } from '../protocol/signing.ts';
import { Replays } from './replays.ts';

export interface DoorOptions {
  /** Names by which clients may call us, beside addresses and localhost. */
  readonly allowHosts: readonly string[];
  /** `whsec_…`: upgrades have to be signed with it. */
  readonly secret: string | undefined;
  readonly nowSeconds: () => number;
}

const STATUS_TEXTS = { 401: 'Unauthorized', 403: 'Forbidden', 503: 'Service Unavailable' } as const;

export interface Refusal {
  readonly status: keyof typeof STATUS_TEXTS;
  /** One sentence. Safe to print. */
  readonly reason: string;
}

export class Door {
  readonly #options: DoorOptions;
  readonly #replays = new Replays();

  /** Throws a `UsageError` for a secret that is none: at the start, not at the first upgrade. */
  constructor(options: DoorOptions) {
    this.#options = options;
    this.#signature({});
  }

  /**
   * Undefined for whoever may look at the page. A page of another site can make its name resolve to this machine (DNS
   * rebinding), but its requests still say its name.
   */
  visitor({ headers }: IncomingMessage): Refusal | undefined {
    const { allowHosts } = this.#options;
    const { host, origin } = headers;
    if (!isAddress(host) && !isOurHost(host, allowHosts)) {
      return {
        status: 403,
        reason: `The host ${quoted(host)} is not allowed; if it is your tunnel, allow it with \`allowHosts: ${nameOf(host)}\`.`,
      };
    }
    if (!isOurOrigin(origin, allowHosts))
      return { status: 403, reason: `Pages of ${quoted(origin)} are not let in.` };
    return undefined;
  }

  /** Undefined for whoever may stream to us. */
  sender(request: IncomingMessage): Refusal | undefined {
    const refusal = this.visitor(request);
    if (refusal !== undefined) return refusal;
    const { headers } = request;
    const { ok, reason = 'the signature is wrong' } = this.#signature(headers);
    if (!ok) return { status: 401, reason: `${plainText(reason)}.` };
    return this.#isReplay(headers)
      ? { status: 401, reason: 'the signature has been used before.' }
      : undefined;
  }

  /** Another secret's part of the header would not make it another request: what is signed counts. */
  #isReplay(headers: IncomingMessage['headers']): boolean {
    const { secret, nowSeconds } = this.#options;
    if (secret === undefined) return false;
    const signed = ['id', 'timestamp'].map((part) => headers[`webhook-${part}`] ?? headers[`svix-${part}`]);
    return this.#replays.isAgain(signed.join(' '), nowSeconds());
  }

  #signature(headers: IncomingMessage['headers']): { readonly ok: boolean; readonly reason?: string } {
    const { secret, nowSeconds } = this.#options;
    return secret === undefined ? { ok: true } : verifyRequest({ secret, headers, nowSeconds: nowSeconds() });
  }
}

/** Answers an upgrade with an HTTP status, and hangs up. */
export function refuseUpgrade(socket: Duplex, { status, reason }: Refusal): void {
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_TEXTS[status]}\r\nConnection: close\r\nContent-Type: text/plain\r\n\r\n${reason}\n`,
  );
}

/** Whether a `Host` header has an address instead of a name: no other site's page can have that. */
function isAddress(host: string | undefined): boolean {
  if (host === undefined || !URL.canParse(`http://${host}`)) return false;
  return isIP(new URL(`http://${host}`).hostname.replace(/^\[|\]$/g, '')) !== 0;
}

function nameOf(host: string | undefined): string {
  return host !== undefined && URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : 'NAME';
}

function quoted(text: string | undefined): string {
  return text === undefined ? 'without a name' : `"${plainText(text, 100)}"`;
}
