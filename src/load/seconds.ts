/** Puts the reports of all threads together, second by second, while a load test runs. */
import { performance } from 'node:perf_hooks';
import { Histogram } from '../emulator/histogram.ts';
import { sumTotals, tidy } from './measures.ts';
import type { WorkerTotals } from './messages.ts';
import type { LoadSecond } from './report.ts';
import type { LoadTotals } from './settings.ts';

const MIB = 1024 * 1024;
const MAX_SECONDS_KEPT = 3_600;

/** What one thread has told. */
interface Teller {
  readonly totals: WorkerTotals | undefined;
  interval: string | undefined;
  /** Undefined while it runs. */
  readonly ending: unknown;
}

export class Seconds {
  readonly seconds: LoadSecond[] = [];
  /** Messages per second while all bots played: after the ramp, before the first bot ends. */
  readonly fullLoad: number[] = [];
  /** How busy the busiest thread was, 0 to 1. */
  readonly busiest: number[] = [];
  readonly startedMs = performance.now();
  readonly #window: { readonly fromSeconds: number; readonly toSeconds: number };
  #rssMib = process.memoryUsage.rss() / MIB;
  #before = { sent: 0, dropped: 0, atMs: this.startedMs };

  constructor(options: { readonly rampSeconds: number; readonly durationSeconds: number }) {
    this.#window = { fromSeconds: options.rampSeconds + 1, toSeconds: options.durationSeconds };
  }

  /** Since the start. */
  get elapsedSeconds(): number {
    return (performance.now() - this.startedMs) / 1_000;
  }

  /** The largest resident set so far. */
  get rssMib(): number {
    return Math.max(this.#rssMib, process.memoryUsage.rss() / MIB);
  }

  /** Call when a thread has told something. Gives a second once every thread that runs has told of it. */
  take(tellers: readonly Teller[]): { second: LoadSecond; totals: LoadTotals } | undefined {
    if (tellers.some(({ interval, ending }) => interval === undefined && ending === undefined))
      return undefined;
    const told = tellers.flatMap((each) => each.totals ?? []);
    const totals = sumTotals(told);
    const nowMs = performance.now();
    const lateness = new Histogram();
    for (const each of tellers) {
      if (each.interval !== undefined) lateness.addEncoded(each.interval);
      each.interval = undefined;
    }
    this.busiest.push(Math.max(0, ...told.map(({ utilization }) => utilization)));
    this.#rssMib = this.rssMib;
    const second: LoadSecond = {
      at_s: tidy((nowMs - this.startedMs) / 1_000),
      open_connections: totals.openConnections,
      messages_per_s: Math.round(((totals.sent - this.#before.sent) * 1_000) / (nowMs - this.#before.atMs)),
      dropped: totals.dropped - this.#before.dropped,
      lateness_p99_ms: tidy(lateness.percentile(99)),
      rss_mb: Math.round(process.memoryUsage.rss() / MIB),
    };
    this.#before = { sent: totals.sent, dropped: totals.dropped, atMs: nowMs };
    if (this.seconds.length < MAX_SECONDS_KEPT) this.seconds.push(second);
    const { fromSeconds, toSeconds } = this.#window;
    if (second.at_s > fromSeconds && second.at_s < toSeconds) this.fullLoad.push(second.messages_per_s);
    return { second, totals };
  }
}
