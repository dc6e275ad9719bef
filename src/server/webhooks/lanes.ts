/**
 * In which order webhooks leave: a lane for each endpoint, with room for so many at a time. Those of a real-time endpoint leave
 * one after the other; those of the dashboard's endpoints leave side by side, and no more than their app can be asked to take.
 */
import type { Job } from './delivery.ts';

/** Of a dashboard's endpoint: what a burst of many bots may open at its app. */
const STATUS_AT_ONCE = 32;

/** Deliveries that may wait in one lane. */
const MAX_WAITING = 10_000;

interface Lane {
  readonly inside: Set<Job>;
  readonly waiting: Job[];
}

export class Lanes {
  readonly #lanes = new Map<string, Lane>();
  readonly #begin: (job: Job) => void;

  /** `begin` is called when there is room for a job, in the same turn: virtual time does not wait for promises. */
  constructor(begin: (job: Job) => void) {
    this.#begin = begin;
  }

  /** False for a job that there is no room to wait for. One `again` was here before, and always has room. */
  enter(job: Job, { again = false }: { readonly again?: boolean } = {}): boolean {
    const { endpointId } = job.destination;
    let lane = this.#lanes.get(endpointId);
    if (lane === undefined) {
      lane = { inside: new Set(), waiting: [] };
      this.#lanes.set(endpointId, lane);
    }
    if (lane.inside.size >= widthOf(job)) {
      if (lane.waiting.length >= MAX_WAITING && !again) return false;
      lane.waiting.push(job);
      return true;
    }
    lane.inside.add(job);
    this.#begin(job);
    return true;
  }

  /** Its place is free for the next. Nothing happens for a job that is not in its lane. */
  leave(job: Job): void {
    const { endpointId } = job.destination;
    const lane = this.#lanes.get(endpointId);
    if (lane?.inside.delete(job) !== true) return;
    const next = lane.waiting.shift();
    if (next !== undefined) {
      lane.inside.add(next);
      this.#begin(next);
    } else if (lane.inside.size === 0) this.#lanes.delete(endpointId);
  }

  /** Whether it has its turn, or waits for it. */
  has(job: Job): boolean {
    const lane = this.#lanes.get(job.destination.endpointId);
    return lane !== undefined && (lane.inside.has(job) || lane.waiting.includes(job));
  }

  /** Takes out all that wait for their turn behind others of an endpoint. */
  takeWaiting(endpointId: string): readonly Job[] {
    return this.#lanes.get(endpointId)?.waiting.splice(0) ?? [];
  }

  clear(): void {
    this.#lanes.clear();
  }
}

function widthOf({ destination }: Job): number {
  return destination.kind === 'realtime' ? 1 : STATUS_AT_ONCE;
}
