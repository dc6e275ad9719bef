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
  /** The worst of the stretch of time that runs, and of the one before. */
  #worst = 0;
  #worstBefore = 0;
  #stretchEndsMs = Number.NEGATIVE_INFINITY;

  /** `tell` is called at most every 10 s while frames are late by a second or more. */
  constructor(clock: Clock, speed: number, tell: (seconds: number) => void) {
    this.#clock = clock;
    this.#speed = speed;
    this.#tell = tell;
  }

  /** The latest frame of the last ten to twenty seconds, in wall seconds. */
  get recentSeconds(): number {
    this.#turnOver(this.#clock.now());
    return Math.max(this.#worst, this.#worstBefore);
  }

  /** A frame that fell due at `dueMs`, on the clock, is passed now. Called for every frame. */
  note(dueMs: number): void {
    if (this.#clock.virtual || this.#clock.waits) return;
    const nowMs = this.#clock.now();
    const seconds = (nowMs - dueMs) / this.#speed / 1_000;
    if (nowMs >= this.#stretchEndsMs) this.#turnOver(nowMs);
    if (seconds > this.#worst) this.#worst = seconds;
    if (seconds <= this.maxSeconds && seconds < BEHIND_SECONDS) return;
    this.maxSeconds = Math.max(this.maxSeconds, seconds);
    if (seconds < BEHIND_SECONDS || nowMs < this.#quietUntilMs) return;
    this.#quietUntilMs = nowMs + TELL_EVERY_SECONDS * 1_000 * this.#speed;
    this.#tell(seconds);
  }

  #turnOver(nowMs: number): void {
    const lengthMs = TELL_EVERY_SECONDS * 1_000 * this.#speed;
    if (nowMs < this.#stretchEndsMs) return;
    this.#worstBefore = nowMs < this.#stretchEndsMs + lengthMs ? this.#worst : 0;
    this.#worst = 0;
    this.#stretchEndsMs = nowMs + lengthMs;
  }
}
