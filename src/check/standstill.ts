/**
 * Whether this machine stood still while a case was played: it slept, was paused, or had no time for us. Timeouts of either side may
 * have run out meanwhile, so what a receiver did then says nothing of it.
 */

/** Our choice: what receivers' own timers and those of a case at eight times the speed of life are hardly measured by. */
const STANDSTILL_MS = 1_000;
const LOOK_EVERY_MS = 50;

export class Standstill {
  #longestMs = 0;
  #lastMs = performance.now();
  readonly #timer = setInterval(() => this.#look(), LOOK_EVERY_MS).unref();

  /** The longest since it was asked last, in seconds; undefined when there was none. */
  take(): number | undefined {
    this.#look();
    const ms = this.#longestMs;
    this.#longestMs = 0;
    return ms >= STANDSTILL_MS ? ms / 1_000 : undefined;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const nowMs = performance.now();
    this.#longestMs = Math.max(this.#longestMs, nowMs - this.#lastMs);
    this.#lastMs = nowMs;
  }
}

/** A line for whoever reads the result nevertheless. `disturbed`: in how many of the attempts it did. */
export function standstillText(seconds: number, disturbed: number, attempts: number): string {
  const where = disturbed === attempts ? `each of ${attempts} attempts` : `the last of ${attempts} attempts`;
  return `this machine stood still for ${seconds.toFixed(1)} s while the case was played, in ${where}`;
}
