/**
 * One thread's share of a load test: many sessions on one pacer, with one scratch buffer and one cache of base64 for all of
 * them. Counts and measures; prints nothing. Runs in a worker, or anywhere else.
 */
import { setMaxListeners } from 'node:events';
import { performance } from 'node:perf_hooks';
import { diagnoseSession } from '../diagnose/diagnose.ts';
import { PingWitness, SLOW_PONG_MS } from '../diagnose/pings.ts';
import { type CountedDiagnosis, DiagnosisTally } from '../diagnose/tally.ts';
import { realClock } from '../emulator/clock.ts';
import { Base64Cache, Scratch } from '../emulator/encoder.ts';
import { FailureTally } from '../emulator/failure-tally.ts';
import { Histogram } from '../emulator/histogram.ts';
import { DROP_REASONS, noDrops } from '../emulator/ledger.ts';
import { Pacer } from '../emulator/pacer.ts';
import type { Session } from '../emulator/session.ts';
import { openMeeting } from '../scenario/open.ts';
import type { Timeline } from '../scenario/timeline.ts';
import { botSession } from './bot.ts';
import type { WorkerHistograms, WorkerOptions, WorkerTotals } from './messages.ts';
import { loadTimeline } from './timeline.ts';

/** The event loop's own delay is measured this often. */
const TICK_MS = 20;
/** A thread with longer delays than this cannot tell how quickly others answer. */
const OWN_DELAY_MS = SLOW_PONG_MS / 2;

export class Shard {
  readonly #options: WorkerOptions;
  readonly #timeline: Timeline;
  readonly #sessions: Session[] = [];
  readonly #pacer = new Pacer(realClock());
  readonly #lateness = new Histogram();
  readonly #interval = new Histogram();
  readonly #connect = new Histogram();
  readonly #ping = new Histogram();
  readonly #eventLoopDelay = new Histogram();
  readonly #pings = new PingWitness();
  readonly #ending = new AbortController();
  #failedBots = 0;
  #error: unknown;
  #lastUtilization = performance.eventLoopUtilization();

  static async create(options: WorkerOptions): Promise<Shard> {
    const { scenario, participants, durationSeconds, seed } = options;
    const timeline =
      scenario === undefined
        ? loadTimeline(participants, durationSeconds, seed)
        : (await openMeeting(scenario)).timeline;
    return new Shard(options, timeline);
  }

  private constructor(options: WorkerOptions, timeline: Timeline) {
    this.#options = options;
    this.#timeline = timeline;
    // Every bot listens for the end.
    setMaxListeners(0, this.#ending.signal);
  }

  /**
   * Plays all bots of this share, each from its place in the ramp on. Resolves when the last connection has closed. When the
   * audio of one cannot be read any more, all end, and it rejects with that error.
   */
  async run(): Promise<void> {
    const { bots, totalBots, rampSeconds } = this.#options;
    const { clock } = this.#pacer;
    const startMs = clock.now();
    const shared = {
      ...this.#options,
      timeline: this.#timeline,
      pacer: this.#pacer,
      scratch: new Scratch(),
      cache: new Base64Cache(),
      lateness: this.#interval,
      probe: {
        pingEveryMs: this.#options.pingEverySeconds * 1_000,
        onConnected: (ms: number) => this.#connect.record(ms),
        onRoundTrip: (ms: number) => {
          this.#ping.record(ms);
          this.#pings.note((clock.now() - startMs) / 1_000, ms);
        },
      },
    };
    this.#watchEventLoop();
    await Promise.all(
      bots.map((bot) => {
        const session = botSession({ ...shared, bot });
        this.#sessions.push(session);
        const dueMs = startMs + (rampSeconds * 1_000 * bot) / totalBots;
        return new Promise<void>((resolve) => {
          let begun = false;
          const begin = (): void => {
            begun = true;
            session
              .play(this.#ending.signal)
              .then(
                () => {
                  if (session.endpoints.some(({ status }) => status === 'failed')) this.#failedBots++;
                },
                (error) => this.#fail(error),
              )
              .then(resolve);
          };
          const cancel = this.#pacer.at(dueMs, begin);
          this.#ending.signal.addEventListener('abort', () => {
            cancel();
            // Who has not begun never does.
            if (!begun) resolve();
          });
        });
      }),
    );
    this.#ending.abort();
    if (this.#error !== undefined) throw this.#error;
  }

  /** Ends every bot at once; `run` resolves then. */
  stop(): void {
    this.#ending.abort();
  }

  totals(): WorkerTotals {
    const dropped = noDrops();
    const closes: Record<string, number> = {};
    const failures = new FailureTally();
    let scheduled = 0;
    let sent = 0;
    let injected = 0;
    let inDoubt = 0;
    let openConnections = 0;
    let connections = 0;
    let bytes = 0;
    let blockedMs = 0;
    let maxBacklogBytes = 0;
    let retries = 0;
    for (const { ledger } of this.#sessions) {
      const totals = ledger.totals();
      scheduled += totals.scheduled;
      sent += totals.sent;
      injected += totals.injected;
      inDoubt += totals.inDoubt;
      for (const reason of DROP_REASONS) dropped[reason] += totals.dropped[reason];
      for (const record of ledger.connections) {
        connections++;
        bytes += record.bytesWritten;
        blockedMs += record.blockedMs;
        maxBacklogBytes = Math.max(maxBacklogBytes, record.maxBacklogBytes);
        retries += record.retries;
        if (record.openedSeconds !== null && record.closedSeconds === null) openConnections++;
        if (record.closeCode !== null) closes[record.closeCode] = (closes[record.closeCode] ?? 0) + 1;
        if (record.error !== null) failures.note(record.error, 0, 1);
      }
      for (const { causes } of ledger.accounts)
        for (const [cause, frames] of causes) failures.note(cause, frames, 0);
    }
    const utilization = performance.eventLoopUtilization(this.#lastUtilization).utilization;
    this.#lastUtilization = performance.eventLoopUtilization();
    return {
      streams: this.#timeline.streams.length * this.#options.bots.length,
      openConnections,
      connections,
      scheduled,
      sent,
      injected,
      inDoubt,
      dropped,
      bytes,
      blockedMs,
      maxBacklogBytes,
      retries,
      failedBots: this.#failedBots,
      closes,
      failures: failures.failures,
      utilization,
    };
  }

  /** Lateness since the last call, which is added to the whole. */
  takeInterval(): string {
    const encoded = this.#interval.encode();
    this.#lateness.add(this.#interval);
    this.#interval.reset();
    return encoded;
  }

  histograms(): WorkerHistograms {
    this.takeInterval();
    return {
      lateness: this.#lateness.encode(),
      connect: this.#connect.encode(),
      ping: this.#ping.encode(),
      eventLoopDelay: this.#eventLoopDelay.encode(),
    };
  }

  /** Each cause once. For the end. */
  diagnoses(): CountedDiagnosis[] {
    const tally = new DiagnosisTally();
    // A thread that is late itself measures itself.
    const pings = this.#eventLoopDelay.percentile(100) > OWN_DELAY_MS ? undefined : this.#pings.seen;
    for (const [index, session] of this.#sessions.entries())
      tally.note(diagnoseSession(session, index === 0 && pings !== undefined ? { pings } : {}));
    return tally.diagnoses;
  }

  #fail(error: unknown): void {
    this.#error ??= error;
    this.stop();
  }

  /** How late this thread's own timers are: then it is us who cannot keep up. */
  #watchEventLoop(): void {
    const { clock } = this.#pacer;
    let dueMs = clock.now() + TICK_MS;
    const timer = setInterval(() => {
      const nowMs = clock.now();
      this.#eventLoopDelay.record(Math.max(0, nowMs - dueMs));
      dueMs = nowMs + TICK_MS;
    }, TICK_MS);
    this.#ending.signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  }
}
