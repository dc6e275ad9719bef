/** The webhook endpoints of the dashboard: a URL each, the events that it wants, and the secret that it verifies with. */
import { UsageError } from '../../errors.ts';
import { plainText } from '../../plain-text.ts';
import { namesMatching } from '../../protocol/event-selection.ts';
import { checkSecret } from '../../protocol/signing.ts';
import { NAMED_WEBHOOKS, WEBHOOK_NAMES } from '../../protocol/webhook-builder.ts';
import { parseTarget } from '../../target.ts';

/** As an option, or as the control API takes it. */
export interface WebhookEndpointOptions {
  readonly url: string;
  /** Names and families, such as `bot.*`; all when left out. */
  readonly events?: readonly string[] | undefined;
  /** `whsec_…`; the server's when left out. */
  readonly secret?: string | undefined;
}

export interface WebhookEndpoint {
  readonly id: string;
  readonly url: string;
  /** As they were asked for; undefined for all. */
  readonly events: readonly string[] | undefined;
  readonly secret: string | undefined;
  /** Named by whoever started the server. */
  readonly isTrusted: boolean;
}

/**
 * Reads `http://127.0.0.1:4000/hooks#events=bot.*,transcript.done&secret=whsec_…`: what stands behind the # is never sent, and
 * says which events the URL gets and by which secret they are signed. Throws a `UsageError` (`invalid_url`)
 * that never shows the secret.
 */
export function parseWebhookUrl(text: string): WebhookEndpointOptions {
  const hash = text.indexOf('#');
  if (hash === -1) return { url: text };
  const options: { url: string; events?: string[]; secret?: string } = { url: text.slice(0, hash) };
  for (const part of text.slice(hash + 1).split('&')) {
    const equals = part.indexOf('=');
    const name = part.slice(0, Math.max(0, equals));
    const value = decoded(part.slice(equals + 1));
    if (name === 'events' && value !== undefined) options.events = value.split(',');
    else if (name === 'secret' && value !== undefined) options.secret = value;
    else {
      throw new UsageError(
        'invalid_url',
        `What stands behind the # of a webhook URL has a part "${plainText(name || 'without a name', 40)}".`,
        {
          hint: "It says events, secret or both: 'http://127.0.0.1:4000/hooks#events=bot.*&secret=whsec_…'.",
        },
      );
    }
  }
  return options;
}

/** Of one workspace. */
export class WebhookEndpoints {
  readonly #endpoints = new Map<string, WebhookEndpoint>();
  #made = 0;

  list(): readonly WebhookEndpoint[] {
    return [...this.#endpoints.values()];
  }

  /** Throws a `UsageError` for what cannot be called, waited for or signed with, and when there are too many. */
  add(options: WebhookEndpointOptions, isTrusted: boolean): WebhookEndpoint {
    if (this.#endpoints.size >= MAX_ENDPOINTS) {
      throw new UsageError(
        'too_many_webhook_endpoints',
        `There are ${MAX_ENDPOINTS} webhook endpoints already.`,
        {
          hint: 'Delete some.',
        },
      );
    }
    const { events, secret } = options;
    const url = readUrl(options.url);
    for (const pattern of events ?? []) checkPattern(pattern);
    if (secret !== undefined) checkSecret(secret);
    const endpoint = { id: `endpoint_${++this.#made}`, url, events, secret, isTrusted };
    this.#endpoints.set(endpoint.id, endpoint);
    return endpoint;
  }

  /** False when there is none of this id. */
  remove(id: string): boolean {
    return this.#endpoints.delete(id);
  }

  /** Those that want an event. */
  wanting(event: string): readonly WebhookEndpoint[] {
    return this.list().filter(({ events }) => wants(events, event));
  }
}

const MAX_ENDPOINTS = 100;

/** Whether one of the patterns stands for an event; all do when there are none. */
export function wants(patterns: readonly string[] | undefined, event: string): boolean {
  return patterns === undefined || patterns.some((pattern) => namesMatching(pattern, [event]).length > 0);
}

/** All that an endpoint may want. */
const NAMES: readonly string[] = [...WEBHOOK_NAMES, ...NAMED_WEBHOOKS];

/** Throws a `UsageError` (`unknown_event`) for what stands for no webhook that there is. */
export function checkPattern(pattern: string, names: readonly string[] = NAMES): void {
  if (namesMatching(pattern, names).length > 0) return;
  throw new UsageError('unknown_event', `"${plainText(pattern, 100)}" is no webhook.`, {
    hint: 'Give names and families, such as bot.done,recording.*, or all.',
  });
}

function readUrl(text: string): string {
  const result = parseTarget(text, 'webhook');
  if (result.ok) return result.url;
  const { code, message, hint } = result.problem;
  throw new UsageError(code, `The webhook URL (\`webhookUrls\`) cannot be used: ${message}`, { hint });
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
