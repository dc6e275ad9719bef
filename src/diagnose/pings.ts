/** A witness of how quickly pings are answered: keeps what is slow, and counts the rest. */

/** A pong takes longer than this only where somebody is busy or far away. Milliseconds. */
export const SLOW_PONG_MS = 250;
/** More of them say nothing more. */
const MAX_SLOW = 100;

export interface SlowPong {
  readonly atSeconds: number;
  readonly roundTripMs: number;
}

/** Pings of ours that were answered. */
export interface PingsSeen {
  readonly count: number;
  readonly fastestMs: number;
  readonly slowCount: number;
  /** The first ones. */
  readonly slow: readonly SlowPong[];
}

export class PingWitness {
  #count = 0;
  #fastestMs = Number.POSITIVE_INFINITY;
  #slowCount = 0;
  readonly #slow: SlowPong[] = [];

  note(atSeconds: number, roundTripMs: number): void {
    this.#count++;
    if (roundTripMs < this.#fastestMs) this.#fastestMs = roundTripMs;
    if (roundTripMs < SLOW_PONG_MS) return;
    this.#slowCount++;
    if (this.#slow.length < MAX_SLOW) this.#slow.push({ atSeconds, roundTripMs });
  }

  get seen(): PingsSeen {
    return { count: this.#count, fastestMs: this.#fastestMs, slowCount: this.#slowCount, slow: this.#slow };
  }
}
