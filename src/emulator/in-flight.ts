/** Frames that are written to a socket and not yet taken by the operating system, oldest first. */
import type { Account } from './ledger.ts';

export interface InFlight {
  readonly account: Account;
  readonly startSample: number;
  readonly samples: number;
  /** It came when an end had begun, and has not been written. */
  readonly tooLate: boolean;
}

/** The oldest entries are cut off in steps of this many, not one by one. */
const COMPACT_AFTER = 1_024;

export class InFlightQueue {
  readonly #entries: InFlight[] = [];
  #head = 0;

  push(entry: InFlight): void {
    this.#entries.push(entry);
  }

  /** The oldest has been taken. */
  shift(): void {
    this.#head++;
    if (this.#head === this.#entries.length) {
      this.#entries.length = 0;
      this.#head = 0;
    } else if (this.#head >= COMPACT_AFTER) {
      this.#entries.splice(0, this.#head);
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
