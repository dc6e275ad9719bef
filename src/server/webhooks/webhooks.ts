/**
 * Deliveries of webhooks: signed, in order, retried as documented, and kept in a log that can be read. Knows nothing of
 * what they say.
 *
 * Sources: status webhooks are retried "at once, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h" (v1.10 FAQ), webhook real-time
 * endpoints every second, 60 times ("Real-Time Endpoints"); an answer has 15 seconds. Real-time webhooks are sent
 * serially per endpoint: a slow answer, and every retry, delays all that follow ("Real-Time Endpoints", 2026).
 */
import { setMaxListeners } from 'node:events';
import type { Pacer, PacerGroup } from '../../emulator/pacer.ts';
import { signRequest } from '../../protocol/signing.ts';
import type { ActivityLog } from '../store/activity.ts';
import { type PostResult, post } from './http-post.ts';

type DeliveryState = 'pending' | 'delivered' | 'failed' | 'dropped';

interface DeliveryAttempt {
  readonly at: string;
  readonly status: number | null;
  readonly error: string | null;
  readonly duration_ms: number;
}

export type DeliveryTotals = Readonly<Record<DeliveryState, number>>;

/** Where a delivery goes, and what it has to wait for. */
export interface Destination {
  readonly url: string;
  readonly kind: 'status' | 'realtime';
  /** Deliveries of one lane leave one after the other: a webhook URL, or a real-time endpoint. */
  readonly lane: string;
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

/** Log entries kept, attempts kept of each, and deliveries that may wait in one lane. */
const MAX_LOG = 1_000;
const MAX_ATTEMPTS = 100;
const MAX_WAITING = 10_000;

interface Job {
  readonly delivery: Delivery;
  readonly lane: string;
  readonly text: string;
  readonly onResult: ((delivered: boolean) => void) | undefined;
  /** Attempts that have failed since it was sent, or sent once more. */
  failures: number;
  underWay: boolean;
  /** It waits for its next attempt. */
  cancelRetry: (() => void) | undefined;
}

export class Webhooks {
  readonly #options: WebhookOptions;
  readonly #log: Job[] = [];
  /** What waits in each lane; the first is under way, or in a real-time lane waits for its retry. */
  readonly #lanes = new Map<string, Job[]>();
  readonly #retries: PacerGroup;
  readonly #totals: Record<DeliveryState, number> = { pending: 0, delivered: 0, failed: 0, dropped: 0 };
  /** URLs that let the time pass when they were last called. */
  readonly #silent = new Set<string>();
  /** What stops virtual time, one for each attempt that does. */
  readonly #holds = new Set<() => void>();
  readonly #abort = new AbortController();
  #underWay = 0;
  #onIdle: (() => void)[] = [];
  #holdsTime = true;

  constructor(options: WebhookOptions) {
    this.#options = options;
    this.#retries = options.pacer.group({
      onError: (error) => options.activity.add('warning', `defect: ${(error as Error).stack ?? error}`),
    });
    // One for each attempt under way.
    setMaxListeners(0, this.#abort.signal);
  }

  /** Delivers after what has been sent to the same lane before. `onResult` is told when it is decided. */
  send(
    { url, kind, lane }: Destination,
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
    this.#totals.pending++;
    const job: Job = {
      delivery,
      lane,
      text: JSON.stringify(body),
      onResult,
      failures: 0,
      underWay: false,
      cancelRetry: undefined,
    };
    this.#log.push(job);
    if (this.#log.length > MAX_LOG) this.#log.shift();
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
    const inLane = this.#lanes.get(job.lane)?.includes(job) === true;
    const waitsForRetry = job.cancelRetry !== undefined;
    // Under way, or waiting for its turn: it is delivered without help.
    if (job.underWay || (inLane && !waitsForRetry)) return true;
    job.cancelRetry?.();
    job.cancelRetry = undefined;
    job.failures = 0;
    // What was delivered once stays so.
    if (job.delivery.state !== 'delivered') this.#mark(job, 'pending');
    if (inLane) this.#attempt(job);
    else this.#enqueue(job);
    return true;
  }

  /** Every delivery once, by what has become of it so far; also those that the log has forgotten. */
  totals(): DeliveryTotals {
    return { ...this.#totals };
  }

  /** From now on virtual time waits for no answer. For the end, which must not wait for an app that never answers. */
  releaseTime(): void {
    this.#holdsTime = false;
    for (const release of this.#holds) release();
    this.#holds.clear();
  }

  /** Resolves when nothing is under way and nothing waits for it, or when it is closed. Retries may still be to come. */
  async idle(): Promise<void> {
    if (this.#underWay > 0) await new Promise<void>((resolve) => this.#onIdle.push(resolve));
  }

  /** Ends what is under way. What has not been decided stays pending. Safe to call twice. */
  close(): void {
    this.#retries.close();
    this.#lanes.clear();
    this.#abort.abort();
  }

  #enqueue(job: Job): void {
    if (this.#abort.signal.aborted) return;
    const lane = this.#lanes.get(job.lane);
    if (lane === undefined) {
      this.#lanes.set(job.lane, [job]);
      this.#attempt(job);
    } else if (lane.length < MAX_WAITING) lane.push(job);
    else {
      // Tokens ride in URLs: the host is enough.
      this.#options.activity.warnOnce(
        `${hostOf(job.delivery.url)} does not keep up: webhooks to it are dropped`,
      );
      this.#decide(job, 'dropped');
    }
  }

  /** The first of the lane is over, or is to be retried beside it. */
  #advance(job: Job): void {
    const lane = this.#lanes.get(job.lane);
    if (lane?.[0] !== job) return;
    lane.shift();
    if (lane[0] === undefined) this.#lanes.delete(job.lane);
    else this.#attempt(lane[0]);
  }

  /** Begins at once, in the same turn: virtual time does not wait for promises. */
  #attempt(job: Job): void {
    const { delivery, text } = job;
    const { pacer, mayCall, insecure, timeoutMs, now } = this.#options;
    const at = now();
    const started = performance.now();
    const release = this.#hold(delivery.url);
    job.underWay = true;
    this.#underWay++;
    const result: Promise<PostResult> = mayCall(delivery.url)
      ? post({
          url: delivery.url,
          body: text,
          headers: this.#headers(delivery, text),
          timeoutMs,
          insecure,
          clock: pacer.clock,
          signal: this.#abort.signal,
        })
      : Promise.resolve({ error: 'this host is not allowed: name it with `allowTargets`', timedOut: false });
    void result.then((outcome) => {
      job.underWay = false;
      this.#underWay--;
      if (!this.#abort.signal.aborted) {
        const duration_ms = Math.round(performance.now() - started);
        const status = 'status' in outcome ? outcome.status : null;
        const error = 'error' in outcome ? outcome.error : null;
        delivery.attempts.push({ at, status, error, duration_ms });
        if (delivery.attempts.length > MAX_ATTEMPTS) delivery.attempts.shift();
        this.#noteSilence(delivery.url, outcome);
        this.#onAttempted(job, status, error);
      }
      release();
      if (this.#underWay === 0) for (const resolve of this.#onIdle.splice(0)) resolve();
    });
  }

  /** Virtual time waits for the answer, as it does for handshakes; but for a URL that lets the time pass only once. */
  #hold(url: string): () => void {
    if (!this.#holdsTime || this.#silent.has(url)) return () => {};
    const release = this.#options.pacer.clock.hold();
    this.#holds.add(release);
    return () => {
      this.#holds.delete(release);
      release();
    };
  }

  #onAttempted(job: Job, status: number | null, error: string | null): void {
    const { activity } = this.#options;
    const { id, event, kind, bot_id } = job.delivery;
    const told = { botId: bot_id, data: { id, event, status, error } };
    if (status !== null && status >= 200 && status < 300) {
      activity.add('webhook', `${event} delivered (${status})`, told);
      this.#decide(job, 'delivered');
      this.#advance(job);
      return;
    }
    const why = error ?? `HTTP ${status}`;
    const delayMs = (kind === 'status' ? STATUS_RETRIES_MS : REALTIME_RETRIES_MS)[job.failures++];
    if (delayMs !== undefined) {
      activity.add('webhook', `${event} not delivered: ${why}; again in ${delayMs / 1_000} s`, told);
      this.#retryLater(job, delayMs);
      // A real-time endpoint gets things in the order in which they happened; statuses have a time in them.
      if (kind === 'status') this.#advance(job);
      return;
    }
    activity.add('webhook', `${event} not delivered: ${why}; given up`, told);
    // The endpoint has failed: it gets nothing more. In the lane of a webhook URL the next is tried.
    const given = kind === 'realtime' ? (this.#lanes.get(job.lane)?.splice(1) ?? []) : [];
    this.#decide(job, 'failed');
    for (const each of given) this.#decide(each, 'dropped');
    this.#advance(job);
  }

  #retryLater(job: Job, delayMs: number): void {
    const { pacer } = this.#options;
    job.cancelRetry = this.#retries.at(pacer.clock.now() + delayMs, () => {
      job.cancelRetry = undefined;
      this.#attempt(job);
    });
  }

  #decide(job: Job, state: 'delivered' | 'failed' | 'dropped'): void {
    if (job.delivery.state !== 'delivered') this.#mark(job, state);
    job.onResult?.(state === 'delivered');
  }

  #mark({ delivery }: Job, state: DeliveryState): void {
    this.#totals[delivery.state]--;
    this.#totals[state]++;
    delivery.state = state;
  }

  #noteSilence(url: string, outcome: PostResult): void {
    if ('error' in outcome && outcome.timedOut) {
      if (this.#silent.size >= MAX_LOG) this.#silent.clear();
      this.#silent.add(url);
    } else this.#silent.delete(url);
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

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
