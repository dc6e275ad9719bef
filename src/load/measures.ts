/** Adds up what the threads of a load test counted and measured. Pure. */
import { type Failures, FailureTally } from '../emulator/failure-tally.ts';
import { Histogram } from '../emulator/histogram.ts';
import { DROP_REASONS, totalOf } from '../emulator/ledger.ts';
import type { WorkerHistograms, WorkerTotals } from './messages.ts';
import type { LoadMeasures } from './report.ts';
import type { LoadTotals } from './settings.ts';

export function sumTotals(totals: readonly WorkerTotals[]): LoadTotals {
  return {
    streams: sum(totals, (each) => each.streams),
    openConnections: sum(totals, (each) => each.openConnections),
    scheduled: sum(totals, (each) => each.scheduled),
    sent: sum(totals, (each) => each.sent),
    dropped: sum(totals, (each) => totalOf(each.dropped)),
    bytes: sum(totals, (each) => each.bytes),
    failedBots: sum(totals, (each) => each.failedBots),
  };
}

/** What the threads themselves know; the rest is of the process. */
export function workerMeasures(
  totals: readonly WorkerTotals[],
  histograms: readonly WorkerHistograms[],
  elapsedSeconds: number,
): Omit<
  LoadMeasures,
  'bots' | 'streams' | 'messages_per_s' | 'utilization' | 'workers' | 'cpu_s' | 'rss_mb'
> {
  const sums = sumTotals(totals);
  const byReason = Object.fromEntries(
    DROP_REASONS.map((reason) => [reason, sum(totals, (each) => each.dropped[reason])]),
  ) as WorkerTotals['dropped'];
  return {
    duration_s: tidy(elapsedSeconds),
    scheduled: sums.scheduled,
    sent: sums.sent,
    injected: sum(totals, (each) => each.injected),
    in_doubt: sum(totals, (each) => each.inDoubt),
    dropped: { total: sums.dropped, ...byReason },
    bytes_per_s: Math.round(sums.bytes / Math.max(elapsedSeconds, 0.001)),
    lateness_ms: percentiles(histograms, 'lateness'),
    connect_ms: percentiles(histograms, 'connect'),
    ping_ms: percentiles(histograms, 'ping'),
    connections: sum(totals, (each) => each.connections),
    retries: sum(totals, (each) => each.retries),
    failed_bots: sums.failedBots,
    closes: closesOf(totals),
    blocked_ms: Math.round(sum(totals, (each) => each.blockedMs)),
    max_backlog_bytes: Math.max(0, ...totals.map((each) => each.maxBacklogBytes)),
    event_loop_delay_ms: percentiles(histograms, 'eventLoopDelay'),
  };
}

/** Failures that say the same are one, whichever thread met them. */
export function failuresOf(totals: readonly WorkerTotals[]): Failures {
  const tally = new FailureTally();
  for (const { failures } of totals)
    for (const each of failures) tally.note(each, each.frames, each.connections);
  return tally.failures;
}

export function median(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** Three decimals. */
export function tidy(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

function percentiles(
  histograms: readonly WorkerHistograms[],
  of: keyof WorkerHistograms,
): LoadMeasures['lateness_ms'] {
  const histogram = new Histogram();
  for (const each of histograms) histogram.addEncoded(each[of]);
  const at = (percent: number): number => tidy(histogram.percentile(percent));
  return { p50: at(50), p95: at(95), p99: at(99), max: at(100) };
}

function closesOf(totals: readonly WorkerTotals[]): Record<string, number> {
  const closes: Record<string, number> = {};
  for (const each of totals)
    for (const [code, count] of Object.entries(each.closes)) closes[code] = (closes[code] ?? 0) + count;
  return closes;
}

function sum(totals: readonly WorkerTotals[], of: (totals: WorkerTotals) => number): number {
  return totals.reduce((all, each) => all + of(each), 0);
}
