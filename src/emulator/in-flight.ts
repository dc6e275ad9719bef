/** Frames that are written to a socket and not yet taken by the operating system, oldest first. */
import type { Account } from './ledger.ts';

/** The number of a frame that came when an end had begun: it has not been written, and never will be. */
export const NEVER = Number.POSITIVE_INFINITY;

export class InFlight {
  /** Of the frames of its WebSocket, counted from 1. */
  readonly number: number;
  readonly account: Account;
  readonly startSample: number;
  readonly samples: number;

  constructor(number: number, account: Account, startSample: number, samples: number) {
    this.number = number;
    this.account = account;
    this.startSample = startSample;
    this.samples = samples;
  }
}

/** The oldest entries are cut off in steps of this many, not one by one. */
const COMPACT_AFTER = 1_024;

export class InFlightQueue {
  readonly #entries: InFlight[] = [];
  #head = 0;

  push(entry: InFlight): void {
    this.#entries.push(entry);
  }

  /** The operating system has all frames up to this number. */
  flushedUntil(number: number): void {
    const entries = this.#entries;
    if (entries.length === 0) return;
    while (this.#head < entries.length && entries[this.#head]!.number <= number) this.#head++;
    if (this.#head === entries.length) {
      entries.length = 0;
      this.#head = 0;
    } else if (this.#head >= COMPACT_AFTER) {
      entries.splice(0, this.#head);
      this.#head = 0;
    }
  }

  /** What is left; the queue is empty afterwards. */
  drain(): InFlight[] {
    const rest = this.#entries.slice(this.#head);
    this.#entries.length = 0;
    this.#head = 0;
    return rest;
  }
}
