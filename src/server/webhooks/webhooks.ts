/**
 * Deliveries of webhooks: signed, retried as documented, and kept in a log that can be read. Knows nothing of what they say.
 *
 * Sources: status webhooks are retried "at once, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h" (v1.10 FAQ), webhook real-time
 * endpoints every second, 60 times ("Real-Time Endpoints"); an answer has 15 seconds. Real-time webhooks are sent
 * serially per endpoint: a slow answer, and every retry, delays all that follow ("Real-Time Endpoints", 2026). Of the
 * dashboard's no page promises an order: they leave side by side.
 */
import type { Pacer, PacerGroup } from '../../emulator/pacer.ts';
import { hostOf } from '../../target.ts';
import type { ActivityLog } from '../store/activity.ts';
import { Courier, type CourierOptions } from './courier.ts';
import {
  type Delivery,
  type DeliveryAttempt,
  DeliveryLog,
  type DeliveryTotals,
  type Destination,
  type Job,
} from './delivery.ts';
import { WebhookEndpoints } from './endpoints.ts';
import { WebhookFaults } from './faults.ts';
import { Lanes } from './lanes.ts';

export interface WebhookOptions extends Omit<CourierOptions, 'clock'> {
  readonly pacer: Pacer;
  readonly messageId: () => string;
  readonly activity: ActivityLog;
  /** Of all endpoints that have none of their own. */
  readonly secret: string | undefined;
}

interface WebhookEvent {
  readonly event: string;
}

/** Milliseconds between the attempts; the first is made at once. */
const STATUS_RETRIES_MS = [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000].map((seconds) => seconds * 1_000);
const REALTIME_RETRIES_MS = Array<number>(60).fill(1_000);
/** One that is `swapped` goes by itself when no other comes for so long. */
const SWAP_WITHIN_MS = 10_000;

export class Webhooks {
  readonly endpoints = new WebhookEndpoints();
  readonly faults = new WebhookFaults();
  readonly #options: WebhookOptions;
  readonly #log = new DeliveryLog();
  readonly #lanes = new Lanes((job) => this.#begin(job));
  /** Of each endpoint, the one that waits for the next to go first. */
  readonly #swapped = new Map<string, Job>();
  readonly #waits: PacerGroup;
  readonly #courier: Courier;

  constructor(options: WebhookOptions) {
    this.#options = options;
    this.#waits = options.pacer.group({
      onError: (error) => options.activity.add('warning', `defect: ${(error as Error).stack ?? error}`),
    });
    this.#courier = new Courier({ ...options, clock: options.pacer.clock });
  }

  /** To every webhook endpoint that wants it. Returns the ids of the deliveries. */
  status(botId: string, body: WebhookEvent): string[] {
    return this.endpoints.wanting(body.event).map(({ id, url, secret, isTrusted }) => {
      const to = { url, kind: 'status', endpointId: id, isTrusted, secret: this.#secretOr(secret) } as const;
      return this.#send(to, botId, body);
    });
  }

  /** To one real-time endpoint, after all that has been sent to it before. `onResult` is told when it is decided. */
  realtime(
    { id, url, signed }: { readonly id: string; readonly url: string; readonly signed: boolean },
    botId: string,
    body: WebhookEvent,
    onResult: (delivered: boolean) => void,
  ): void {
    const secret = signed ? this.#secretOr(undefined) : undefined;
    this.#send({ url, kind: 'realtime', endpointId: id, isTrusted: false, secret }, botId, body, onResult);
  }

  /** The log, newest last. */
  deliveries(): readonly Delivery[] {
    return this.#log.deliveries();
  }

  /** Every delivery once, by what has become of it so far; also those that the log has forgotten. */
  totals(): DeliveryTotals {
    return this.#log.totals();
  }

  /**
   * Delivers once more, whatever became of it; with an `edited` body under an id of its own, as receivers know the old one.
   * Returns the id, or undefined when the log does not have it (any more).
   */
  redeliver(id: string, edited?: Readonly<Record<string, unknown>>): string | undefined {
    const job = this.#log.find(id);
    if (job === undefined) return undefined;
    if (edited !== undefined) return this.#redeliverEdited(job, edited);
    // Under way, or waiting for its turn: it is delivered without help.
    if (job.underWay || this.#isQueued(job)) return id;
    job.cancelWait?.();
    job.cancelWait = undefined;
    job.failures = 0;
    job.delayMs = 0;
    const { endpointId } = job.destination;
    if (this.#swapped.get(endpointId) === job) this.#swapped.delete(endpointId);
    this.#log.mark(job, 'pending');
    // A real-time one that waits for its retry has its turn.
    if (this.#lanes.has(job)) this.#attempt(job);
    else this.#enter(job);
    return id;
  }

  /** From now on virtual time waits for no answer. For the end, which must not wait for an app that never answers. */
  releaseTime(): void {
    this.#courier.releaseTime();
  }

  /** Resolves when nothing is under way and nothing waits for it, or when it is closed. Retries may still be to come. */
  async idle(): Promise<void> {
    await this.#courier.idle();
  }

  /** Ends what is under way. What has not been decided stays pending. Safe to call twice. */
  close(): void {
    this.#waits.close();
    this.#lanes.clear();
    this.#courier.close();
  }

  #secretOr(own: string | undefined): string | undefined {
    return own ?? this.#options.secret;
  }

  #send(
    destination: Destination,
    botId: string,
    body: WebhookEvent,
    onResult?: (delivered: boolean) => void,
  ): string {
    const job = this.#job(destination, botId, body, { onResult });
    const { id: deliveryId } = job.delivery;
    const { endpointId } = destination;
    const swapped = this.#swapped.get(endpointId);
    const struck = this.faults.strike(body.event, swapped === undefined);
    switch (struck?.fault) {
      case 'lost':
        this.#options.activity.add('webhook', `${body.event} lost on demand`, { botId });
        this.#log.mark(job, 'withheld');
        return deliveryId;
      case 'swapped':
        this.#swapped.set(endpointId, job);
        this.#wait(job, SWAP_WITHIN_MS, () => {
          this.#swapped.delete(endpointId);
          this.#enter(job);
        });
        return deliveryId;
      case 'duplicated':
        job.copies = 1;
        break;
      case 'delayed':
        job.delayMs = struck.delayMs;
    }
    if (swapped !== undefined) this.#letFollow(swapped, job);
    this.#arrive(job);
    return deliveryId;
  }

  #job(
    { url, kind, endpointId, ...rest }: Destination,
    botId: string,
    body: WebhookEvent,
    more: { readonly onResult?: Job['onResult']; readonly redeliveryOf?: string },
  ): Job {
    const job: Job = {
      delivery: {
        id: this.#options.messageId(),
        event: body.event,
        url,
        endpoint_id: endpointId,
        bot_id: botId,
        kind,
        created_at: this.#options.now(),
        ...(more.redeliveryOf !== undefined && { redelivery_of: more.redeliveryOf }),
        body,
        state: 'pending',
        attempts: [],
      },
      destination: { url, kind, endpointId, ...rest },
      text: JSON.stringify(body),
      onResult: more.onResult,
      failures: 0,
      underWay: false,
      hasArrived: false,
      copies: 0,
      delayMs: 0,
      cancelWait: undefined,
      follower: undefined,
    };
    this.#log.add(job);
    return job;
  }

  #redeliverEdited({ delivery, destination }: Job, body: Readonly<Record<string, unknown>>): string {
    const event = typeof body.event === 'string' ? body.event : delivery.event;
    const edited = { ...body, event };
    const job = this.#job(destination, delivery.bot_id, edited, { redeliveryOf: delivery.id });
    this.#enter(job);
    return job.delivery.id;
  }

  /** What waited for the next one goes right after it. */
  #letFollow(swapped: Job, next: Job): void {
    this.#swapped.delete(next.destination.endpointId);
    swapped.cancelWait?.();
    swapped.cancelWait = () => {
      next.follower = undefined;
    };
    next.follower = swapped;
  }

  /** Those to a real-time endpoint keep their order, and are held up when they have their turn. */
  #arrive(job: Job): void {
    const { delayMs, destination } = job;
    if (delayMs === 0 || destination.kind === 'realtime') {
      this.#enter(job);
      return;
    }
    job.delayMs = 0;
    this.#wait(job, delayMs, () => this.#enter(job));
  }

  #enter(job: Job): void {
    if (this.#courier.closed || this.#lanes.enter(job)) return;
    // Tokens ride in URLs: the host is enough.
    this.#options.activity.warnOnce(
      `${hostOf(job.delivery.url)} does not keep up: webhooks to it are dropped`,
    );
    this.#decide(job, 'dropped');
    this.#follow(job);
  }

  /** It has its turn. */
  #begin(job: Job): void {
    const { delayMs } = job;
    job.delayMs = 0;
    if (delayMs === 0) this.#attempt(job);
    else this.#wait(job, delayMs, () => this.#attempt(job));
  }

  #attempt(job: Job): void {
    this.#courier.attempt(job, (attempt) => {
      this.#log.attempted(job, attempt);
      this.#onAttempted(job, attempt);
      this.#follow(job);
    });
  }

  #follow(job: Job): void {
    const { follower } = job;
    if (follower === undefined) return;
    job.follower = undefined;
    follower.cancelWait = undefined;
    this.#enter(follower);
  }

  #onAttempted(job: Job, { status, error }: DeliveryAttempt): void {
    const { id, event, kind, bot_id } = job.delivery;
    const tell = (what: string): void =>
      this.#options.activity.add('webhook', `${event} ${what}`, {
        botId: bot_id,
        data: { id, event, status, error },
      });
    if (status !== null && status >= 200 && status < 300) {
      tell(`delivered (${status})`);
      this.#onArrived(job);
      return;
    }
    const why = error ?? `HTTP ${status}`;
    const delayMs = (kind === 'status' ? STATUS_RETRIES_MS : REALTIME_RETRIES_MS)[job.failures++];
    if (delayMs !== undefined) {
      tell(`not delivered: ${why}; again in ${delayMs / 1_000} s`);
      // A real-time endpoint gets things in the order in which they happened: its lane waits.
      if (kind === 'realtime') this.#wait(job, delayMs, () => this.#attempt(job));
      else {
        this.#lanes.leave(job);
        this.#wait(job, delayMs, () => this.#lanes.enter(job, { again: true }));
      }
      return;
    }
    tell(`not delivered: ${why}; given up`);
    this.#decide(job, 'failed');
    // The endpoint has failed: it gets nothing more, unless it was only sent something again. Webhook URLs get the next.
    if (kind === 'realtime' && !job.hasArrived) this.#dropRest(job);
    this.#lanes.leave(job);
  }

  /** All that wait at the endpoint of one that has failed. */
  #dropRest({ destination: { endpointId }, follower }: Job): void {
    const swapped = this.#swapped.get(endpointId);
    this.#swapped.delete(endpointId);
    const waiting = this.#lanes.takeWaiting(endpointId);
    for (const each of [...waiting, follower, ...waiting.map((job) => job.follower), swapped]) {
      if (each === undefined) continue;
      each.cancelWait?.();
      each.cancelWait = undefined;
      this.#decide(each, 'dropped');
    }
  }

  #onArrived(job: Job): void {
    job.hasArrived = true;
    if (job.copies > 0) {
      job.copies--;
      this.#attempt(job);
      return;
    }
    this.#decide(job, 'delivered');
    this.#lanes.leave(job);
  }

  /** Until then it can be delivered once more on demand, which ends the wait. */
  #wait(job: Job, delayMs: number, then: () => void): void {
    job.cancelWait = this.#waits.at(this.#options.pacer.clock.now() + delayMs, () => {
      job.cancelWait = undefined;
      then();
    });
  }

  #isQueued(job: Job): boolean {
    return job.cancelWait === undefined && this.#lanes.has(job);
  }

  /** What has arrived once stays so. */
  #decide(job: Job, state: 'delivered' | 'failed' | 'dropped'): void {
    this.#log.mark(job, job.hasArrived ? 'delivered' : state);
    job.onResult?.(job.hasArrived);
  }
}
