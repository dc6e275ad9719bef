/** What is known of each webhook that is on its way or was: the log that can be read, and the counts of all of them. */

/** `withheld`: lost on demand, by a fault of webhooks. */
type DeliveryState = 'pending' | 'delivered' | 'failed' | 'dropped' | 'withheld';

export interface DeliveryAttempt {
  readonly at: string;
  readonly status: number | null;
  readonly error: string | null;
  readonly duration_ms: number;
}

export type DeliveryTotals = Readonly<Record<DeliveryState, number>>;

/** Where a delivery goes, by which secret it is signed, and what it has to wait for. */
export interface Destination {
  readonly url: string;
  readonly kind: 'status' | 'realtime';
  /** A webhook endpoint, or a real-time endpoint. */
  readonly endpointId: string;
  /** Unsigned without one. */
  readonly secret: string | undefined;
  /** Whoever started the server named this URL: it is called, whatever hosts are allowed. */
  readonly isTrusted: boolean;
}

/** One entry of the delivery log. */
export interface Delivery {
  readonly id: string;
  readonly event: string;
  readonly url: string;
  readonly endpoint_id: string;
  readonly bot_id: string;
  readonly kind: 'status' | 'realtime';
  readonly created_at: string;
  /** The delivery that this one repeats, with another body. */
  readonly redelivery_of?: string;
  readonly body: unknown;
  state: DeliveryState;
  readonly attempts: DeliveryAttempt[];
}

/** A delivery, and what the sender has to know to make it. */
export interface Job {
  readonly delivery: Delivery;
  readonly destination: Destination;
  readonly text: string;
  readonly onResult: ((delivered: boolean) => void) | undefined;
  /** Attempts that have failed since it was sent, or sent once more. */
  failures: number;
  underWay: boolean;
  /** Whether it has arrived once: that stays so, whatever becomes of it when it is sent again. */
  hasArrived: boolean;
  /** How often it is still to be sent after it has arrived. */
  copies: number;
  /** Milliseconds that it is still to be held up. */
  delayMs: number;
  /** It waits for its next attempt, or for its first. */
  cancelWait: (() => void) | undefined;
  /** Another one that is sent when the first attempt of this one is over. */
  follower: Job | undefined;
}

/** Entries kept, and attempts kept of each. */
export const MAX_LOG = 1_000;
const MAX_ATTEMPTS = 100;

export class DeliveryLog {
  readonly #jobs: Job[] = [];
  readonly #totals: Record<DeliveryState, number> = {
    pending: 0,
    delivered: 0,
    failed: 0,
    dropped: 0,
    withheld: 0,
  };

  /** It is pending from now on. */
  add(job: Job): void {
    this.#totals.pending++;
    this.#jobs.push(job);
    if (this.#jobs.length > MAX_LOG) this.#jobs.shift();
  }

  /** Undefined when the log does not have it (any more). */
  find(id: string): Job | undefined {
    return this.#jobs.find(({ delivery }) => delivery.id === id);
  }

  /** Newest last. */
  deliveries(): readonly Delivery[] {
    return this.#jobs.map(({ delivery }) => delivery);
  }

  /** Every delivery once, by what has become of it so far; also those that the log has forgotten. */
  totals(): DeliveryTotals {
    return { ...this.#totals };
  }

  attempted({ delivery: { attempts } }: Job, attempt: DeliveryAttempt): void {
    attempts.push(attempt);
    if (attempts.length > MAX_ATTEMPTS) attempts.shift();
  }

  mark({ delivery }: Job, state: DeliveryState): void {
    this.#totals[delivery.state]--;
    this.#totals[state]++;
    delivery.state = state;
  }
}
