/** What an inbox says of signatures, with what it knows from the webhooks that came before. */
import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import { type SignatureCause, signatureVerdict, signedBy } from '../protocol/signature-cause.ts';
import { HEADER_NAMES, type SignatureHeaderStyle } from '../protocol/signing.ts';

export interface InboxSignature {
  /** Null when nobody could check it: there is no secret. */
  readonly ok: boolean | null;
  readonly cause: SignatureCause | null;
  /** One sentence. Safe to print. */
  readonly text: string;
  /** What to do; null when there is nothing. */
  readonly hint: string | null;
  /** The set of header names it is signed with; null when they are not whole. */
  readonly headers: SignatureHeaderStyle | null;
}

interface Reading {
  readonly signature: InboxSignature;
  readonly id: string | null;
  /** A webhook of the same id came before. */
  readonly again: boolean;
}

/** Webhooks that are remembered. */
const MAX_KNOWN = 1_000;

export class SignatureReader {
  readonly #secret: string | undefined;
  readonly #nowSeconds: () => number;
  /** By id: time and signature of the one that was right, if any was. */
  readonly #known = new Map<string, string | undefined>();
  #rightOnes = 0;

  constructor(options: { readonly secret: string | undefined; readonly nowSeconds: () => number }) {
    this.#secret = options.secret;
    this.#nowSeconds = options.nowSeconds;
  }

  read(headers: IncomingHttpHeaders, body: Buffer): Reading {
    const signed = signedBy(headers);
    if ('ok' in signed) {
      const { cause, text, hint } = signed;
      // Who has given no secret may well have a workspace without one.
      const ok = this.#secret === undefined && cause === 'not_signed' ? null : false;
      return { signature: { ok, cause, text, hint, headers: null }, id: idOf(headers), again: false };
    }
    const { id, style } = signed;
    const made = `${signed.timestamp} ${signed.signature}`;
    const again = this.#known.has(id);
    const rightBefore = this.#known.get(id);
    const told = this.#tell(headers, body, rightBefore === made);
    if (told.ok === true) this.#rightOnes++;
    this.#remember(id, told.ok === true ? made : rightBefore);
    return { signature: { ...told, headers: style }, id, again };
  }

  /** `wasRight`: the same id, time and signature came before, and were right. */
  #tell(headers: IncomingHttpHeaders, body: Buffer, wasRight: boolean): Omit<InboxSignature, 'headers'> {
    const secret = this.#secret;
    if (secret === undefined)
      return {
        ok: null,
        cause: null,
        text: 'It is signed, and not checked: no `secret` was given.',
        hint: null,
      };
    if (!isUtf8(body)) {
      const text = 'It is not checked: its body is no UTF-8 text, as JSON is.';
      return { ok: null, cause: null, text, hint: 'Look for what changes bodies on the way.' };
    }
    const nowSeconds = this.#nowSeconds();
    const verdict = signatureVerdict({ secret, headers, body: body.toString('utf8'), nowSeconds });
    if (verdict.ok) return { ok: true, cause: null, text: 'The signature is right.', hint: null };
    const { cause, text, hint } = verdict;
    if (cause !== 'secret_or_content') return { ok: false, cause, text, hint };
    if (!wasRight) return { ok: false, cause, text, hint: this.#likely(hint) };
    return {
      ok: false,
      cause: 'body_changed',
      text: 'The body was changed after it was signed: the same signature came before with another body, and was right.',
      hint: 'Something on the way changes what it passes on.',
    };
  }

  #likely(hint: string): string {
    const count = this.#rightOnes;
    if (count === 0) return hint;
    return `${count} other${count === 1 ? ' was' : 's were'} right by this secret: look first for what changes this one on the way, or for another sender.`;
  }

  #remember(id: string, right: string | undefined): void {
    this.#known.delete(id);
    this.#known.set(id, right);
    if (this.#known.size <= MAX_KNOWN) return;
    const [oldest] = this.#known.keys();
    this.#known.delete(oldest!);
  }
}

function idOf(headers: IncomingHttpHeaders): string | null {
  for (const { id } of Object.values(HEADER_NAMES)) {
    const value = headers[id.toLowerCase()];
    if (typeof value === 'string') return value;
  }
  return null;
}
