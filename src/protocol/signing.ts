/**
 * Signed requests, as Recall signs webhooks and WebSocket upgrades ("Verifying webhooks, websockets and callback
 * requests from Recall.ai", 2026): the Standard Webhooks scheme, HMAC-SHA256 over `id.timestamp.body`.
 */
import { timingSafeEqual } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { UsageError } from '../errors.ts';

/** `standard`: `Webhook-Id` …; `svix`: `svix-id` …, as workspaces made before 2025-12-15 get on dashboard webhooks. */
export type SignatureHeaderStyle = 'standard' | 'svix';

export const HEADER_NAMES = {
  standard: { id: 'Webhook-Id', timestamp: 'Webhook-Timestamp', signature: 'Webhook-Signature' },
  svix: { id: 'svix-id', timestamp: 'svix-timestamp', signature: 'svix-signature' },
} as const;

/** How far a timestamp may be off, as in the Standard Webhooks specification. */
export const TOLERANCE_SECONDS = 300;

export interface SignRequestOptions {
  /** `whsec_` and base64. */
  readonly secret: string;
  /** `msg_…` */
  readonly id: string;
  readonly timestampSeconds: number;
  /** Empty for GET requests and upgrades. */
  readonly body?: string | undefined;
  readonly headerStyle?: SignatureHeaderStyle | undefined;
}

/** The three headers of a signed request. Throws a `UsageError` (`invalid_secret`) that never shows the secret. */
export function signRequest(options: SignRequestOptions): Record<string, string> {
  const { secret, id, timestampSeconds, body = '', headerStyle = 'standard' } = options;
  const names = HEADER_NAMES[headerStyle];
  return {
    [names.id]: id,
    [names.timestamp]: String(timestampSeconds),
    [names.signature]: webhookOf(secret).sign(id, new Date(timestampSeconds * 1_000), body),
  };
}

/** Throws a `UsageError` (`invalid_secret`) for what is no secret. */
export function checkSecret(secret: string): void {
  webhookOf(secret);
}

export interface VerifyRequestOptions {
  /** One secret, or several while one replaces another. */
  readonly secret: string | readonly string[];
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body?: string | undefined;
  readonly nowSeconds: number;
  readonly toleranceSeconds?: number | undefined;
}

export type VerifyResult = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/**
 * Verifies a request under either set of header names. The library's own verifier reads the wall clock; this one is
 * told the time, and compares in constant time.
 */
export function verifyRequest(options: VerifyRequestOptions): VerifyResult {
  const { secret, body = '', nowSeconds, toleranceSeconds = TOLERANCE_SECONDS } = options;
  const secrets = typeof secret === 'string' ? [secret] : secret;
  const headers = new Map(
    Object.entries(options.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const names = headers.has('webhook-id') ? HEADER_NAMES.standard : HEADER_NAMES.svix;
  const read = (name: string): string | undefined => {
    const value = headers.get(name.toLowerCase());
    return typeof value === 'string' ? value : value?.[0];
  };
  const id = read(names.id);
  const timestamp = read(names.timestamp);
  const signatures = read(names.signature);
  if (id === undefined || timestamp === undefined || signatures === undefined) {
    return { ok: false, reason: 'the signature headers are missing' };
  }
  const timestampSeconds = Number(timestamp);
  if (!/^\d+$/.test(timestamp) || !Number.isSafeInteger(timestampSeconds)) {
    return { ok: false, reason: 'the timestamp header is not a number of seconds' };
  }
  if (Math.abs(nowSeconds - timestampSeconds) > toleranceSeconds) {
    return { ok: false, reason: `the timestamp is more than ${toleranceSeconds} s off` };
  }
  const offered = signatures.split(' ').filter((signature) => signature.startsWith('v1,'));
  for (const each of secrets) {
    const expected = webhookOf(each).sign(id, new Date(timestampSeconds * 1_000), body);
    if (offered.some((signature) => equal(signature, expected))) return { ok: true };
  }
  return { ok: false, reason: 'no signature matches' };
}

function webhookOf(secret: string): Webhook {
  const key = secret.startsWith('whsec_') ? secret.slice('whsec_'.length) : '';
  if (key !== '' && /^[A-Za-z0-9+/]+={0,2}$/.test(key) && key.length % 4 === 0) return new Webhook(secret);
  throw new UsageError('invalid_secret', 'The signing secret is not one.', {
    hint: 'It is "whsec_" followed by base64, as the dashboard shows it.',
  });
}

function equal(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
