/**
 * Pings the connections of a meeting while it is played, and notes how quickly they are answered. While our own event loop is
 * late we cannot tell: as much is taken off.
 */
import { type PingsSeen, PingWitness } from '../diagnose/pings.ts';
import type { ConnectionProbe } from '../emulator/probe.ts';

/** Wall milliseconds. */
const PING_EVERY_MS = 100;
const TICK_MS = 10;
/** So much later than it was due a timer may be. */
const NOT_LATE_MS = 5;

interface Late {
  readonly atMs: number;
  readonly byMs: number;
}

export class PingWatch {
  readonly probe: ConnectionProbe;
  readonly #witness = new PingWitness();
  #startMs: number;
  readonly #ticks: NodeJS.Timeout;
  #late: Late[] = [];
  #tickMs = performance.now();

  /** `speed`: of the clock by which pongs are timed. The meeting begins now, unless `begin` says so later. */
  constructor(speed: number) {
    this.#startMs = this.#tickMs;
    this.#ticks = setInterval(() => this.#tick(), TICK_MS);
    this.probe = {
      pingEveryMs: PING_EVERY_MS * speed,
      onConnected: () => {},
      onRoundTrip: (ms) => {
        const wallMs = ms / speed;
        const nowMs = performance.now();
        const atSeconds = ((nowMs - this.#startMs) * speed) / 1_000;
        this.#witness.note(atSeconds, Math.max(0, wallMs - this.#ownDelayMs(nowMs - wallMs, nowMs)));
      },
    };
  }

  /** Times are counted from now on. */
  begin(): void {
    this.#startMs = performance.now();
  }

  get seen(): PingsSeen {
    return this.#witness.seen;
  }

  end(): void {
    clearInterval(this.#ticks);
  }

  #tick(): void {
    const nowMs = performance.now();
    const byMs = nowMs - this.#tickMs - TICK_MS;
    this.#tickMs = nowMs;
    if (byMs > NOT_LATE_MS) this.#late.push({ atMs: nowMs, byMs });
  }

  /** By how much we were late between these times, in all. */
  #ownDelayMs(fromMs: number, nowMs: number): number {
    // Pings are sent in turn: nobody asks for what was before the oldest of them.
    this.#late = this.#late.slice(-1_000);
    const since = this.#late.filter(({ atMs }) => atMs > fromMs).reduce((sum, { byMs }) => sum + byMs, 0);
    return since + Math.max(0, nowMs - this.#tickMs - TICK_MS);
  }
}
