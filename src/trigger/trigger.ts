/**
 * `trigger`: one event at an app, as Recall would send it, or wrong on purpose. Webhooks are signed POSTs, real-time events
 * messages of a WebSocket or, where Recall sends them so, POSTs.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { type Clock, realClock } from '../emulator/clock.ts';
import type { ScriptStep } from '../emulator/script.ts';
import { playScript } from '../emulator/script-player.ts';
import { UsageError } from '../errors.ts';
import { withOverrides } from '../protocol/override.ts';
import { checkSecret, signRequest } from '../protocol/signing.ts';
import { checkRange, DAY_SECONDS } from '../range.ts';
import { post } from '../server/webhooks/http-post.ts';
import { readTarget } from '../target.ts';
import { sampleEvent, type TriggerEvent, triggerEventOf } from './sample-events.ts';

export interface MessageOptions {
  /** New values by path: `{'data.data.sub_code': 'timeout'}`. Everything else stays. */
  readonly overrides?: Readonly<Record<string, unknown>> | undefined;
  /** When it happens; default now. */
  readonly now?: Date | undefined;
}

export interface TriggerOptions extends MessageOptions {
  /** `http(s)://` for a signed POST, `ws(s)://` for a message of a WebSocket. */
  readonly to: string;
  /** `whsec_…`; unsigned without it. */
  readonly secret?: string | undefined;
  /** Signed with another secret than `secret`. */
  readonly badSignature?: boolean | undefined;
  /** Signed ten minutes ago: too old for receivers that look at the time. */
  readonly stale?: boolean | undefined;
  /** Sent twice under one id, as at-least-once delivery does. */
  readonly duplicate?: boolean | undefined;
  /** Signed by `svix-*` headers, as webhooks of workspaces made before 2025-12-15. */
  readonly legacy?: boolean | undefined;
  /** Accept any TLS certificate. */
  readonly insecure?: boolean | undefined;
  /** Wall seconds that the app has for its answer; default 15, as with Recall. */
  readonly timeoutSeconds?: number | undefined;
}

/** What became of one sending. */
export interface TriggerResult {
  /** Of the answer; null when there was none, and over a WebSocket. */
  readonly status: number | null;
  /** Why it was not taken; null when it was. Safe to print. */
  readonly error: string | null;
}

export interface TriggerReport {
  /** Every sending was taken: with a 2xx, or read from a WebSocket that then closed in order. */
  readonly ok: boolean;
  readonly event: string;
  /** `Webhook-Id`, where it was signed. */
  readonly id: string | null;
  readonly body: unknown;
  readonly results: readonly TriggerResult[];
}

const ANSWER_SECONDS = 15;
/** Twice what receivers are to bear ("Standard Webhooks"). */
const STALE_SECONDS = 600;

/** The message of an event, to look at. Throws a `UsageError` (`unknown_event`, `invalid_override`). */
export async function triggerMessage(event: string, options: MessageOptions = {}): Promise<unknown> {
  const { overrides = {}, now = new Date() } = options;
  return withOverrides(await sampleEvent(event, now), overrides);
}

/**
 * Sends one event and resolves with what the app made of it, whatever that is. Rejects with a `UsageError` for what cannot be
 * sent there: `unknown_event`, `invalid_url`, `invalid_secret`, `invalid_option`, `invalid_override`.
 */
export async function trigger(event: string, options: TriggerOptions): Promise<TriggerReport> {
  const known = triggerEventOf(event);
  const transport = /^\s*wss?:/i.test(options.to) ? 'websocket' : 'webhook';
  const url = readTarget(options.to, transport);
  checkTransport(known, transport);
  checkSigning(known, options);
  const { timeoutSeconds = ANSWER_SECONDS } = options;
  checkRange('invalid_option', 'timeoutSeconds', timeoutSeconds, { min: 0.001, max: DAY_SECONDS, unit: 's' });

  const body = await triggerMessage(event, options);
  const id = `msg_${randomUUID().replaceAll('-', '')}`;
  const sending: Sending = {
    url,
    text: JSON.stringify(body),
    headersOf: (signed) => signatureOf(id, signed, options),
    times: options.duplicate === true ? 2 : 1,
    insecure: options.insecure ?? false,
    timeoutSeconds,
    clock: realClock(),
  };
  const results = transport === 'webhook' ? await postAll(sending) : await writeAll(sending);
  const ok = results.every(({ error }) => error === null);
  return { ok, event, id: options.secret === undefined ? null : id, body, results };
}

function checkTransport({ name, transports }: TriggerEvent, transport: 'websocket' | 'webhook'): void {
  if (transports.includes(transport)) return;
  throw new UsageError(
    'invalid_url',
    `Recall sends ${name} ${transport === 'webhook' ? 'over WebSockets' : 'by webhooks'} only.`,
    { hint: `Give ${transport === 'webhook' ? 'a ws:// or wss:// URL' : 'an http:// or https:// URL'}.` },
  );
}

function checkSigning({ name, kind }: TriggerEvent, { secret, ...options }: TriggerOptions): void {
  if (secret !== undefined) checkSecret(secret);
  for (const option of ['badSignature', 'stale', 'legacy'] as const) {
    if (options[option] === true && secret === undefined) {
      throw new UsageError('invalid_option', `\`${option}\` says how it is signed, and nothing is signed.`, {
        hint: 'Give `secret`.',
      });
    }
  }
  if (options.legacy === true && kind === 'realtime') {
    throw new UsageError('invalid_option', `\`legacy\` is for webhooks, and ${name} is a real-time event.`, {
      hint: 'Leave it out: real-time events have always had the newer headers.',
    });
  }
}

interface Sending {
  readonly url: string;
  readonly text: string;
  /** For what is signed: a body, or nothing for an upgrade. */
  headersOf(signed: string): Readonly<Record<string, string>>;
  readonly times: number;
  readonly insecure: boolean;
  readonly timeoutSeconds: number;
  readonly clock: Clock;
}

function signatureOf(
  id: string,
  body: string,
  { secret, badSignature, stale, legacy }: TriggerOptions,
): Readonly<Record<string, string>> {
  if (secret === undefined) return {};
  const ageSeconds = stale === true ? STALE_SECONDS : 0;
  return signRequest({
    secret: badSignature === true ? `whsec_${randomBytes(24).toString('base64')}` : secret,
    id,
    // Receivers compare with their own clock.
    timestampSeconds: Math.floor(Date.now() / 1_000) - ageSeconds,
    body,
    headerStyle: legacy === true ? 'svix' : 'standard',
  });
}

async function postAll(sending: Sending): Promise<TriggerResult[]> {
  const { url, text, times, insecure, timeoutSeconds, clock } = sending;
  const results: TriggerResult[] = [];
  for (let time = 0; time < times; time++) {
    const headers = sending.headersOf(text);
    const outcome = await post({
      url,
      body: text,
      headers,
      timeoutMs: timeoutSeconds * 1_000,
      insecure,
      clock,
    });
    if ('error' in outcome) results.push({ status: null, error: outcome.error });
    else {
      const { status } = outcome;
      const isTaken = status >= 200 && status < 300;
      results.push({ status, error: isTaken ? null : `HTTP ${status}` });
    }
  }
  return results;
}

/** The pong tells that the receiver has read what was sent before: only then it is closed. */
async function writeAll(sending: Sending): Promise<TriggerResult[]> {
  const { url, text, times, insecure, timeoutSeconds, clock } = sending;
  const place = { connection: 1, atSample: 0 };
  const { connections } = await playScript(
    [
      { kind: 'open', ...place },
      ...Array.from({ length: times }, (): ScriptStep => ({ kind: 'message', ...place, text })),
      { kind: 'ping', ...place },
      { kind: 'close', ...place, code: 1000 },
    ],
    {
      url,
      headers: sending.headersOf(''),
      insecure,
      handshakeTimeoutSeconds: timeoutSeconds,
      stallTimeoutSeconds: timeoutSeconds,
      closeTimeoutSeconds: timeoutSeconds,
      clock,
    },
  );
  const error = connections[0]?.failure?.text ?? null;
  return Array.from({ length: times }, () => ({ status: null, error }));
}
