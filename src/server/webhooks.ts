/**
 * Deliveries of webhooks: signed, in order, retried as documented, and kept in a log that can be read. Knows nothing of
 * what they say.
 *
 * Sources: status webhooks are retried "at once, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h" (v1.10 FAQ), webhook real-time
 * endpoints every second, 60 times ("Real-Time Endpoints"); an answer has 15 seconds.
 */
import type { Pacer } from '../emulator/pacer.ts';
import { signRequest } from '../protocol/signing.ts';
import type { ActivityLog } from './activity.ts';
import { post } from './http-post.ts';

type DeliveryState = 'pending' | 'delivered' | 'failed' | 'dropped';

interface DeliveryAttempt {
  readonly at: string;
  readonly status: number | null;
  readonly error: string | null;
  readonly duration_ms: number;
}

/** One entry of the delivery log. */
export interface Delivery {
  readonly id: string;
  readonly event: string;
  readonly url: string;
  readonly bot_id: string;
  readonly kind: 'status' | 'realtime';
  readonly created_at: string;
  readonly body: unknown;
  state: DeliveryState;
  readonly attempts: DeliveryAttempt[];
}

export interface WebhookOptions {
  readonly pacer: Pacer;
  readonly now: () => string;
  readonly messageId: () => string;
  readonly activity: ActivityLog;
  readonly secret: string | undefined;
  /** Status webhooks carry `svix-*` headers, as for workspaces made before 2025-12-15. */
  readonly legacySignatures: boolean;
  readonly insecure: boolean;
  /** Whether this URL may be called at all. */
  readonly mayCall: (url: string) => boolean;
  readonly timeoutMs: number;
}

/** Milliseconds between the attempts; the first is made at once. */
const STATUS_RETRIES_MS = [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000].map((seconds) => seconds * 1_000);
const REALTIME_RETRIES_MS = Array<number>(60).fill(1_000);

/** Log entries kept, and deliveries that may wait for one destination. */
const MAX_LOG = 1_000;
const MAX_WAITING = 10_000;

interface Job {
  readonly delivery: Delivery;
  readonly text: string;
  readonly onResult: ((delivered: boolean) => void) | undefined;
}

export class Webhooks {
  readonly #options: WebhookOptions;
  readonly #log: Job[] = [];
  readonly #queues = new Map<string, Job[]>();
  readonly #retries = new Set<() => void>();
  readonly #abort = new AbortController();
  #active = 0;
  #idle: (() => void)[] = [];
  readonly #totals = { delivered: 0, failed: 0, dropped: 0 };

  constructor(options: WebhookOptions) {
    this.#options = options;
  }

  /** Delivers after what has been sent to the same URL before. `onResult` is told when it is decided. */
  send(
    url: string,
    kind: Delivery['kind'],
    botId: string,
    body: { readonly event: string },
    onResult?: (delivered: boolean) => void,
  ): void {
    const delivery: Delivery = {
      id: this.#options.messageId(),
      event: body.event,
      url,
      bot_id: botId,
      kind,
      created_at: this.#options.now(),
      body,
      state: 'pending',
      attempts: [],
    };
    const job: Job = { delivery, text: JSON.stringify(body), onResult };
    this.#keep(job);
    this.#enqueue(job);
  }

  /** The log, newest last. */
  deliveries(): readonly Delivery[] {
    return this.#log.map(({ delivery }) => delivery);
  }

  /** Delivers once more, whatever became of it. False when the log does not have it (any more). */
  redeliver(id: string): boolean {
    const job = this.#log.find(({ delivery }) => delivery.id === id);
    if (job === undefined) return false;
    this.#enqueue(job);
    return true;
  }

  totals(): {
    readonly delivered: number;
    readonly failed: number;
    readonly dropped: number;
    readonly pending: number;
  } {
    const pending = this.#log.filter(({ delivery }) => delivery.state === 'pending').length;
    return { ...this.#totals, pending };
  }

  /** Resolves when no first attempt is waiting or under way. Retries may still be to come. */
  async idle(): Promise<void> {
    if (this.#active > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  close(): void {
    for (const cancel of this.#retries) cancel();
    this.#retries.clear();
    this.#queues.clear();
    this.#abort.abort();
  }

  #keep(job: Job): void {
    this.#log.push(job);
    if (this.#log.length > MAX_LOG) this.#log.shift();
  }

  #enqueue(job: Job): void {
    const { url } = job.delivery;
    const queue = this.#queues.get(url);
    if (queue === undefined) {
      this.#queues.set(url, [job]);
      this.#active++;
      void this.#work(url);
    } else if (queue.length >= MAX_WAITING) {
      job.delivery.state = 'dropped';
      this.#totals.dropped++;
      // Tokens ride in URLs: the host is enough.
      this.#options.activity.warnOnce(`${new URL(url).host} does not keep up: webhooks to it are dropped`);
      job.onResult?.(false);
    } else queue.push(job);
  }

  /** First attempts go out one by one, in order. */
  async #work(url: string): Promise<void> {
    for (let job = this.#queues.get(url)?.[0]; job !== undefined; job = this.#queues.get(url)?.[0]) {
      await this.#attempt(job, 0);
      this.#queues.get(url)?.shift();
    }
    this.#queues.delete(url);
    this.#active--;
    if (this.#active === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  async #attempt(job: Job, number: number): Promise<void> {
    const { delivery, text } = job;
    const { pacer, activity, mayCall, insecure, timeoutMs, now } = this.#options;
    const at = now();
    const started = performance.now();
    // Virtual time waits for the answer, as it does for handshakes.
    const release = pacer.clock.hold();
    const result = mayCall(delivery.url)
      ? await post({
          url: delivery.url,
          body: text,
          headers: this.#headers(delivery, text),
          timeoutMs,
          insecure,
          clock: pacer.clock,
          signal: this.#abort.signal,
        })
      : { error: 'this host is not allowed: name it with --allow-target' };
    if (this.#abort.signal.aborted) return;
    const status = 'status' in result ? result.status : null;
    const error = 'error' in result ? result.error : null;
    delivery.attempts.push({ at, status, error, duration_ms: Math.round(performance.now() - started) });
    const told = { botId: delivery.bot_id, data: { id: delivery.id, event: delivery.event, status, error } };
    if (status !== null && status >= 200 && status < 300) {
      if (delivery.state !== 'delivered') this.#totals.delivered++;
      delivery.state = 'delivered';
      activity.add('webhook', `${delivery.event} delivered (${status})`, told);
      job.onResult?.(true);
    } else this.#onFailed(job, number, error ?? `HTTP ${status}`, told);
    release();
  }

  #onFailed(
    job: Job,
    number: number,
    why: string,
    told: { botId: string; data: Readonly<Record<string, unknown>> },
  ): void {
    const { pacer, activity } = this.#options;
    const { delivery } = job;
    const delayMs = (delivery.kind === 'status' ? STATUS_RETRIES_MS : REALTIME_RETRIES_MS)[number];
    if (delayMs === undefined) {
      delivery.state = 'failed';
      this.#totals.failed++;
      activity.add('webhook', `${delivery.event} not delivered: ${why}; given up`, told);
      job.onResult?.(false);
      return;
    }
    activity.add('webhook', `${delivery.event} not delivered: ${why}; again in ${delayMs / 1_000} s`, told);
    const cancel = pacer.at(pacer.clock.now() + delayMs, () => {
      this.#retries.delete(cancel);
      void this.#attempt(job, number + 1);
    });
    this.#retries.add(cancel);
  }

  #headers(delivery: Delivery, body: string): Record<string, string> {
    const { secret, legacySignatures } = this.#options;
    if (secret === undefined) return {};
    return signRequest({
      secret,
      id: delivery.id,
      // Receivers compare with their own clock, so this is wall time whatever the speed.
      timestampSeconds: Math.floor(Date.now() / 1_000),
      body,
      headerStyle: legacySignatures && delivery.kind === 'status' ? 'svix' : 'standard',
    });
  }
}
