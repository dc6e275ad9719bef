/**
 * Whether the process keeps up with real time: how late frames are passed to their connections. Tells while it happens, and
 * the worst of it at the end.
 */
import type { Clock } from '../../emulator/clock.ts';

/** From here on somebody has to be told: wall seconds. */
export const BEHIND_SECONDS = 1;
/** Wall seconds between two warnings. */
const TELL_EVERY_SECONDS = 10;

export class RealTimeWatch {
  /** The latest frame so far, in wall seconds; 0 in virtual time. */
  maxSeconds = 0;
  readonly #clock: Clock;
  readonly #speed: number;
  readonly #tell: (seconds: number) => void;
  #quietUntilMs = Number.NEGATIVE_INFINITY;

  /** `tell` is called at most every 10 s while frames are late by a second or more. */
  constructor(clock: Clock, speed: number, tell: (seconds: number) => void) {
    this.#clock = clock;
    this.#speed = speed;
    this.#tell = tell;
  }

  /** A frame that fell due at `dueMs`, on the clock, is passed now. Called for every frame. */
  note(dueMs: number): void {
    if (this.#clock.virtual || this.#clock.waits) return;
    const nowMs = this.#clock.now();
    const seconds = (nowMs - dueMs) / this.#speed / 1_000;
    if (seconds <= this.maxSeconds && seconds < BEHIND_SECONDS) return;
    this.maxSeconds = Math.max(this.maxSeconds, seconds);
    if (seconds < BEHIND_SECONDS || nowMs < this.#quietUntilMs) return;
    this.#quietUntilMs = nowMs + TELL_EVERY_SECONDS * 1_000 * this.#speed;
    this.#tell(seconds);
  }
}
