/** `runLoad`: many bots at one receiver, over worker threads, from options to report. Prints nothing. */
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import type { ConnectionMode } from '../emulator/endpoint.ts';
import { frameSamples } from '../emulator/frames.ts';
import { Lateness } from '../emulator/lateness.ts';
import { DROP_REASONS } from '../emulator/ledger.ts';
import { UsageError } from '../errors.ts';
import { signRequest } from '../protocol/signing.ts';
import { loadScenario } from '../scenario/load.ts';
import type { FromWorker, WorkerHistograms, WorkerOptions, WorkerTotals } from './messages.ts';
import type { LoadMeasures, LoadReport, LoadSecond } from './report.ts';
import { judge, parseThresholds, type ThresholdResult } from './thresholds.ts';

/** Options of `runLoad`. */
export interface LoadOptions {
  /** `ws://` or `wss://` URL of the receiver. */
  readonly to: string;
  /** Meetings at the same time; default 10. */
  readonly bots?: number | undefined;
  /** Of each meeting, all of them unmuted and talking; default 4. */
  readonly participants?: number | undefined;
  /** Of each meeting; default 60. */
  readonly durationSeconds?: number | undefined;
  /** Bots begin one after the other over this long; default a tenth of the duration, at most 10 s. */
  readonly rampSeconds?: number | undefined;
  readonly frameMs?: number | readonly number[] | undefined;
  /** A scenario file that every bot plays, in place of `participants` and `durationSeconds`. */
  readonly scenario?: string | undefined;
  /** Threads; default one less than there are cores, for the receiver's sake, and at least one. */
  readonly workers?: number | undefined;
  readonly connections?: ConnectionMode | undefined;
  /** Such as `lateness_p99<20ms,dropped=0`. */
  readonly thresholds?: string | undefined;
  readonly seed?: number | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly secret?: string | undefined;
  readonly insecure?: boolean | undefined;
  readonly retryAttempts?: number | undefined;
  readonly retryIntervalSeconds?: number | undefined;
  readonly maxBacklogBytes?: number | undefined;
  /** Default 5. */
  readonly pingEverySeconds?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Once a second. */
  readonly onSecond?: ((second: LoadSecond, totals: LoadTotals) => void) | undefined;
}

/** Running totals over all workers. */
export interface LoadTotals {
  readonly streams: number;
  readonly openConnections: number;
  readonly scheduled: number;
  readonly sent: number;
  readonly dropped: number;
  readonly bytes: number;
  readonly failedBots: number;
}

const MIB = 1024 * 1024;
const MAX_SECONDS_KEPT = 3_600;

interface Running {
  readonly worker: Worker;
  totals: WorkerTotals | undefined;
  /** Its last report of a second that has not been put together. */
  interval: string | undefined;
  onProgress: () => void;
  readonly done: Promise<{ totals: WorkerTotals; histograms: WorkerHistograms }>;
}

/**
 * Runs a load test and resolves with its report, also when the receiver failed. Rejects with a `UsageError` or an
 * `InvalidInputError` for options and files that cannot be used.
 */
export async function runLoad(options: LoadOptions): Promise<LoadReport> {
  const settings = await settingsOf(options);
  const thresholds = parseThresholds(options.thresholds ?? '');
  const workers = await Promise.all(settings.shares.map((bots) => start({ ...settings.worker, bots })));
  const startedMs = performance.now();
  const cpu = process.cpuUsage();
  let rssMb = process.memoryUsage.rss() / MIB;
  const busiest: number[] = [];
  const seconds: LoadSecond[] = [];
  const fullLoad: number[] = [];
  let before = { sent: 0, dropped: 0, atMs: startedMs };
  // A second is put together when every worker has told of it.
  const onProgress = (): void => {
    if (workers.some(({ interval }) => interval === undefined)) return;
    const totals = sumTotals(workers.map((each) => each.totals!));
    const nowMs = performance.now();
    const lateness = new Lateness();
    for (const each of workers) {
      lateness.addEncoded(each.interval!);
      each.interval = undefined;
    }
    busiest.push(Math.max(...workers.map((each) => each.totals!.utilization)));
    const rss = process.memoryUsage.rss() / MIB;
    rssMb = Math.max(rssMb, rss);
    const second: LoadSecond = {
      at_s: tidy((nowMs - startedMs) / 1_000),
      open_connections: totals.openConnections,
      messages_per_s: Math.round(((totals.sent - before.sent) * 1_000) / (nowMs - before.atMs)),
      dropped: totals.dropped - before.dropped,
      lateness_p99_ms: tidy(lateness.percentile(99)),
      rss_mb: Math.round(rss),
    };
    before = { sent: totals.sent, dropped: totals.dropped, atMs: nowMs };
    if (seconds.length < MAX_SECONDS_KEPT) seconds.push(second);
    // The median of these is what the run held: after the ramp, before the first bot ends.
    if (second.at_s > settings.worker.rampSeconds + 1 && second.at_s < settings.durationSeconds)
      fullLoad.push(second.messages_per_s);
    options.onSecond?.(second, totals);
  };
  for (const each of workers) each.onProgress = onProgress;
  const stop = (): void => {
    for (const { worker } of workers) worker.postMessage({ kind: 'stop' });
  };
  options.signal?.addEventListener('abort', stop, { once: true });
  try {
    for (const { worker } of workers) worker.postMessage({ kind: 'start' });
    if (options.signal?.aborted === true) stop();
    const results = await Promise.all(workers.map(({ done }) => done));
    const elapsed = (performance.now() - startedMs) / 1_000;
    const used = process.cpuUsage(cpu);
    const totals = results.map((result) => result.totals);
    const measures: LoadMeasures = {
      ...measuresOf(
        totals,
        results.map(({ histograms }) => histograms),
        elapsed,
      ),
      bots: settings.worker.totalBots,
      messages_per_s: median(fullLoad) ?? Math.round(sumTotals(totals).sent / Math.max(elapsed, 0.001)),
      utilization: tidy(median(busiest) ?? Math.max(...totals.map((each) => each.utilization))),
      workers: workers.length,
      cpu_s: tidy((used.user + used.system) / 1e6),
      rss_mb: Math.round(Math.max(rssMb, process.memoryUsage.rss() / MIB)),
    };
    const errors = [...new Set(totals.flatMap((each) => each.errors))];
    const interrupted = options.signal?.aborted === true;
    return verdictOf(measures, judge(thresholds, measures), errors, interrupted, seconds);
  } finally {
    options.signal?.removeEventListener('abort', stop);
    await Promise.all(workers.map(({ worker }) => worker.terminate()));
  }
}

async function start(options: WorkerOptions): Promise<Running> {
  const worker = new Worker(
    new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url),
    {
      workerData: options,
    },
  );
  const [ready] = (await Promise.race([
    once(worker, 'message'),
    once(worker, 'error').then(([error]) => {
      throw error;
    }),
  ])) as [FromWorker];
  if (ready.kind !== 'ready') throw new Error(`a worker began with ${ready.kind}`);
  const running: Running = {
    worker,
    totals: undefined,
    interval: undefined,
    onProgress: () => {},
    done: new Promise((resolve, reject) => {
      worker.on('message', (message: FromWorker) => {
        if (message.kind === 'ready') return;
        running.totals = message.totals;
        if (message.kind === 'done') resolve(message);
        else {
          running.interval = message.intervalLateness;
          running.onProgress();
        }
      });
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`a worker ended early, with exit code ${code}`)));
    }),
  };
  return running;
}

function sumTotals(totals: readonly WorkerTotals[]): LoadTotals {
  const sum = (of: (totals: WorkerTotals) => number): number =>
    totals.reduce((all, each) => all + of(each), 0);
  return {
    streams: sum((each) => each.streams),
    openConnections: sum((each) => each.openConnections),
    scheduled: sum((each) => each.scheduled),
    sent: sum((each) => each.sent),
    dropped: sum((each) => DROP_REASONS.reduce((all, reason) => all + each.dropped[reason], 0)),
    bytes: sum((each) => each.bytes),
    failedBots: sum((each) => each.failedBots),
  };
}

function measuresOf(
  totals: readonly WorkerTotals[],
  histograms: readonly WorkerHistograms[],
  elapsed: number,
): Omit<LoadMeasures, 'bots' | 'messages_per_s' | 'utilization' | 'workers' | 'cpu_s' | 'rss_mb'> {
  const sums = sumTotals(totals);
  const sum = (of: (totals: WorkerTotals) => number): number =>
    totals.reduce((all, each) => all + of(each), 0);
  const merged = (of: keyof WorkerHistograms) => {
    const histogram = new Lateness();
    for (const each of histograms) histogram.addEncoded(each[of]);
    const at = (percent: number): number => tidy(histogram.percentile(percent));
    return { p50: at(50), p95: at(95), p99: at(99), max: at(100) };
  };
  const closes: Record<string, number> = {};
  for (const each of totals)
    for (const [code, count] of Object.entries(each.closes)) closes[code] = (closes[code] ?? 0) + count;
  const byReason = Object.fromEntries(
    DROP_REASONS.map((reason) => [reason, sum((each) => each.dropped[reason])]),
  ) as WorkerTotals['dropped'];
  return {
    streams: sums.streams,
    duration_s: tidy(elapsed),
    scheduled: sums.scheduled,
    sent: sums.sent,
    dropped: { total: sums.dropped, ...byReason },
    bytes_per_s: Math.round(sums.bytes / Math.max(elapsed, 0.001)),
    lateness_ms: merged('lateness'),
    connect_ms: merged('connect'),
    ping_ms: merged('ping'),
    connections: sum((each) => each.connections),
    retries: sum((each) => each.retries),
    failed_bots: sums.failedBots,
    closes,
    blocked_ms: Math.round(sum((each) => each.blockedMs)),
    max_backlog_bytes: Math.max(...totals.map((each) => each.maxBacklogBytes)),
    event_loop_delay_ms: merged('eventLoopDelay'),
  };
}

/** A thread that has this little time left cannot keep its times. */
const BUSY = 0.9;

function verdictOf(
  measures: LoadMeasures,
  thresholds: readonly ThresholdResult[],
  errors: readonly string[],
  interrupted: boolean,
  seconds: readonly LoadSecond[],
): LoadReport {
  const { dropped, failed_bots, sent, scheduled, streams, lateness_ms, utilization, blocked_ms } = measures;
  const broken = thresholds.filter(({ ok }) => !ok);
  const senderBusy = utilization >= BUSY && lateness_ms.p99 > 10;
  const delivered = dropped.total === 0 && failed_bots === 0 && scheduled > 0;
  // Without thresholds a load that this machine could not make has shown nothing about the receiver.
  const ok = thresholds.length > 0 ? broken.length === 0 : delivered && !senderBusy;
  const receiverSlow =
    dropped.slow_receiver > 0 || dropped.disconnected > 0 || failed_bots > 0 || blocked_ms > 100;
  const bottleneck = senderBusy ? 'sender' : receiverSlow ? 'receiver' : 'none';
  const where =
    bottleneck === 'sender'
      ? ' This machine is the bottleneck, not the receiver: its busiest thread had no time left.'
      : bottleneck === 'receiver'
        ? ' The receiver did not keep up.'
        : '';
  const what = `${sent} of ${scheduled} frames of ${streams} streams delivered`;
  const why =
    broken.length > 0 ? `: ${broken.map(({ name, value }) => `${name} was ${value}`).join(', ')}` : '';
  return {
    ok,
    verdict: `${interrupted ? 'Interrupted: ' : ''}${what}${why}.${where}`,
    bottleneck,
    interrupted,
    ...measures,
    thresholds: [...thresholds],
    errors: [...errors],
    seconds: [...seconds],
  };
}

interface Settings {
  readonly worker: Omit<WorkerOptions, 'bots'>;
  readonly shares: readonly (readonly number[])[];
  readonly durationSeconds: number;
}

async function settingsOf(options: LoadOptions): Promise<Settings> {
  const { to, bots = 10, participants = 4, scenario, secret } = options;
  const protocol = URL.canParse(to) ? new URL(to).protocol : '';
  if (protocol !== 'ws:' && protocol !== 'wss:') {
    throw new UsageError('invalid_url', `"${to}" is not a WebSocket URL.`, {
      hint: 'Give one such as ws://127.0.0.1:4000/audio.',
    });
  }
  if (secret !== undefined) signRequest({ secret, id: 'msg_check', timestampSeconds: 0 });
  // What is wrong with a scenario is told once, here, and not by every worker.
  if (scenario !== undefined) await loadScenario(scenario);
  const durationSeconds = options.durationSeconds ?? 60;
  const rampSeconds = options.rampSeconds ?? Math.min(10, durationSeconds / 10);
  const workers = Math.min(bots, options.workers ?? Math.max(1, availableParallelism() - 1));
  checkRange('bots', bots, 1, 100_000);
  checkRange('participants', participants, 1, 1_000);
  checkRange('duration', durationSeconds, 1, 86_400);
  checkRange('ramp', rampSeconds, 0, 86_400);
  checkRange('workers', workers, 1, 256);
  const frameMs = typeof options.frameMs === 'number' ? [options.frameMs] : (options.frameMs ?? [100]);
  frameSamples(frameMs);
  return {
    durationSeconds,
    shares: Array.from({ length: workers }, (_, worker) =>
      Array.from({ length: bots }, (__, bot) => bot).filter((bot) => bot % workers === worker),
    ),
    worker: {
      to,
      totalBots: bots,
      participants,
      durationSeconds,
      rampSeconds,
      frameMs,
      scenario,
      connections: options.connections ?? 'per-participant',
      seed: options.seed ?? 1,
      headers: options.headers ?? {},
      secret,
      insecure: options.insecure ?? false,
      retryAttempts: options.retryAttempts ?? 30,
      retryIntervalSeconds: options.retryIntervalSeconds ?? 3,
      maxBacklogBytes: options.maxBacklogBytes ?? MIB,
      pingEverySeconds: options.pingEverySeconds ?? 5,
    },
  };
}

function checkRange(name: string, value: number, min: number, max: number): void {
  if (value >= min && value <= max) return;
  throw new UsageError(`invalid_${name}`, `${value} is not possible for ${name}.`, {
    hint: `It goes from ${min} to ${max}.`,
  });
}

function median(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function tidy(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
