/** `recall-emulator load`: reads the options, runs the load test, prints the report. */
import { stat, writeFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { countOf } from '../emulator/failure-tally.ts';
import { refusalOf } from '../files.ts';
import type { LimitLevel } from '../load/find-limit.ts';
import type { LoadReport, LoadSecond } from '../load/report.ts';
import type { LoadOptions, LoadTotals } from '../load/settings.ts';
import { plainText } from '../plain-text.ts';
import { redactTarget } from '../target.ts';
import { EXIT, interruptSignal } from './exit.ts';
import { columnsOf, cut, definitions, wrap } from './layout.ts';
import * as read from './options.ts';
import { mark } from './style.ts';
import { warnOfSlash } from './warning.ts';

interface Flags {
  readonly bots?: number;
  readonly participants: number;
  readonly duration: number;
  readonly ramp?: number;
  readonly frameMs: number[];
  readonly scenario?: string;
  readonly workers: number | 'auto';
  readonly connections: 'per-participant' | 'per-endpoint';
  readonly thresholds?: string;
  readonly findLimit?: boolean;
  readonly maxBots: number;
  readonly seed: number;
  readonly header?: Record<string, string>;
  readonly secret?: string;
  readonly insecure?: boolean;
  readonly retryAttempts: number;
  readonly retryInterval: number;
  readonly maxBacklog: number;
  readonly pingEvery: number;
  readonly html?: string;
  readonly metricsPort?: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function loadCommand(): Command {
  return new Command('load')
    .description('Measure how many meetings your receiver holds, and what breaks first.')
    .argument('<url>', 'ws:// or wss:// URL of the receiver')
    .option('--bots <n>', 'meetings at the same time (default: 10)', read.integer)
    .option('--participants <n>', 'people in each meeting, all of them talking all the time', read.integer, 4)
    .option('--duration <time>', 'length of each meeting', read.seconds, 60)
    .option(
      '--ramp <time>',
      'bots begin one after the other over this long (default: a tenth of the duration, at most 10s)',
      read.seconds,
    )
    .option(
      '--frame-ms <list>',
      'audio per message in ms, 10 to 1000; a list such as 20,100 is repeated',
      read.frameMs,
      [100],
    )
    .option('--scenario <file>', 'what every bot plays, in place of --participants and --duration')
    .option('--workers <n|auto>', 'threads; auto leaves one core for the receiver', read.workers, 'auto')
    .addOption(
      new Option('--connections <mode>', 'one WebSocket per unmuted participant, or one per endpoint')
        .choices(['per-participant', 'per-endpoint'])
        .default('per-participant'),
    )
    .option(
      '--thresholds <list>',
      "what has to hold, such as 'lateness_p99<20ms,dropped=0,connect_p95<500ms'",
    )
    .option('--find-limit', 'add bots until a threshold breaks; --bots is the first number')
    .option('--max-bots <n>', 'the most that --find-limit tries', read.integer, 10_000)
    .option('--seed <n>', 'ids and audio are made from it', read.integer, 1)
    .option('--header <line>', "add a header to every upgrade, 'name: value'; may be repeated", read.header)
    .option('--secret <whsec>', 'sign every upgrade with this secret (whsec_…)')
    .option('--insecure', 'accept any TLS certificate, such as a self-signed one')
    .option(
      '--retry-attempts <n>',
      'dials after a failure, before an endpoint counts as failed',
      read.integer,
      30,
    )
    .option('--retry-interval <time>', 'time between two dials', read.seconds, 3)
    .option(
      '--max-backlog <bytes>',
      'bytes a receiver may leave unread per connection before frames are dropped',
      read.bytes,
      1024 * 1024,
    )
    .option('--ping-every <time>', 'how often each connection is pinged', read.seconds, 5)
    .option('--html <file>', 'write a report with charts, all in one file')
    .option(
      '--metrics-port <n>',
      'serve Prometheus metrics on this port of 127.0.0.1 while it runs',
      read.port,
    )
    .option('--json', 'print exactly one JSON object on stdout')
    .option('-q, --quiet', 'no progress, only the summary')
    .addHelpText(
      'after',
      `
Examples:
  $ recall-emulator load ws://127.0.0.1:4000 --bots 50 --duration 30s
  $ recall-emulator load ws://127.0.0.1:4000 --thresholds 'lateness_p99<20ms'
  $ recall-emulator load ws://127.0.0.1:4000 --find-limit --duration 15s

Times: 3s, 250ms, 1m20s, or a number of seconds.

Exit codes:
  0  every threshold held; without thresholds: nothing was dropped, no bot
     failed, and this machine was on time
  1  not so, or the HTML report could not be written
  2  wrong usage`,
    )
    .action(run);
}

async function run(to: string, flags: Flags): Promise<void> {
  const signal = interruptSignal();
  const { startMetrics } = await import('../load/prometheus.ts');
  const metrics = flags.metricsPort === undefined ? undefined : await startMetrics(flags.metricsPort);
  if (flags.quiet !== true) {
    warnOfSlash(to);
    if (metrics !== undefined) console.error(`metrics at ${metrics.url}`);
  }
  const progress = flags.quiet === true ? undefined : await startProgress();
  const options: LoadOptions = {
    ...loadOptions(to, flags),
    signal,
    onSecond: (second, totals) => {
      metrics?.update(second, totals);
      progress?.show(second, totals);
    },
  };
  try {
    if (flags.findLimit === true) await findTheLimit(options, flags, progress);
    else await loadOnce(options, flags, progress);
  } finally {
    progress?.stop();
    await metrics?.close();
  }
}

async function loadOnce(options: LoadOptions, flags: Flags, progress: Progress | undefined): Promise<void> {
  const { runLoad } = await import('../load/run.ts');
  const report = await runLoad(options);
  progress?.stop();
  const written = flags.html === undefined || (await writeHtml(flags.html, report, options.to));
  if (flags.json === true) console.log(JSON.stringify(report));
  else await printSummary(report);
  process.exitCode = report.ok && written ? EXIT.ok : EXIT.failed;
}

async function findTheLimit(
  options: LoadOptions,
  flags: Flags,
  progress: Progress | undefined,
): Promise<void> {
  const { findLimit } = await import('../load/find-limit.ts');
  const result = await findLimit({ ...options, maxBots: flags.maxBots }, (level) => {
    if (progress === undefined) return;
    progress.clear();
    console.error(`${mark(process.stderr, level.ok)} ${levelLine(level)}`);
  });
  progress?.stop();
  const last = result.levels.findLast(({ bots }) => bots === result.bots) ?? result.levels.at(-1);
  const written =
    flags.html === undefined || last === undefined || (await writeHtml(flags.html, last.report, options.to));
  if (flags.json === true) console.log(JSON.stringify(result));
  else console.log(`${mark(process.stdout, result.ok)} ${result.verdict}`);
  process.exitCode = result.ok && written ? EXIT.ok : EXIT.failed;
}

function levelLine({ bots, streams, report }: LimitLevel): string {
  const { lateness_ms, connect_ms, dropped } = report;
  return `${bots} bots, ${streams} streams: late p99 ${lateness_ms.p99} ms, connect p95 ${connect_ms.p95} ms, ${dropped.total} dropped`;
}

function loadOptions(to: string, flags: Flags): LoadOptions {
  return {
    to,
    bots: flags.bots,
    participants: flags.participants,
    durationSeconds: flags.duration,
    rampSeconds: flags.ramp,
    frameMs: flags.frameMs,
    scenario: flags.scenario,
    workers: flags.workers === 'auto' ? undefined : flags.workers,
    connections: flags.connections,
    thresholds: flags.thresholds,
    seed: flags.seed,
    headers: flags.header,
    secret: flags.secret,
    insecure: flags.insecure,
    retryAttempts: flags.retryAttempts,
    retryIntervalSeconds: flags.retryInterval,
    maxBacklogBytes: flags.maxBacklog,
    pingEverySeconds: flags.pingEvery,
  };
}

interface Progress {
  show(second: LoadSecond, totals: LoadTotals): void;
  clear(): void;
  stop(): void;
}

/** One live line in a terminal, a plain line a second elsewhere. On stderr. */
async function startProgress(): Promise<Progress> {
  const line = ({ at_s, messages_per_s, lateness_p99_ms, rss_mb }: LoadSecond, totals: LoadTotals): string =>
    `${at_s.toFixed(0).padStart(4)} s  ${totals.openConnections} open  ${messages_per_s} msg/s  late p99 ${lateness_p99_ms.toFixed(1)} ms  ${totals.dropped} dropped  ${rss_mb} MiB`;
  if (!process.stderr.isTTY)
    return { show: (second, totals) => console.error(line(second, totals)), clear() {}, stop() {} };
  const { createLogUpdate } = await import('log-update');
  const update = createLogUpdate(process.stderr);
  return {
    show: (second, totals) => update(cut(line(second, totals), columnsOf(process.stderr))),
    clear: () => update.clear(),
    stop: () => update.done(),
  };
}

/** Whether it could be written. Says why not. */
async function writeHtml(file: string, report: LoadReport, to: string): Promise<boolean> {
  const { loadReportHtml } = await import('../load/html.ts');
  const shown = plainText(file, MAX_PATH);
  try {
    // Tokens ride in the query.
    const html = await loadReportHtml(report, redactTarget(to));
    // A pipe that nobody reads would be waited for without end.
    if ((await stat(file).catch(() => undefined))?.isFIFO() === true) throw new Error('it is a pipe');
    await writeFile(file, html);
    console.error(`wrote ${shown}`);
    return true;
  } catch (error) {
    const why = refusalOf(error) ?? plainText((error as Error).message);
    console.error(`error: ${shown} cannot be written: ${why}. Give --html another place.`);
    return false;
  }
}

const MAX_PATH = 4_096;

async function printSummary(report: LoadReport): Promise<void> {
  const { figures } = await import('../load/html.ts');
  const { stdout } = process;
  const width = columnsOf(stdout);
  for (const line of definitions(figures(report), width)) console.log(line);
  for (const failure of report.failures)
    for (const line of wrap(failureLine(failure), width)) console.log(line);
  for (const { name, value, ok } of report.thresholds) console.log(`${mark(stdout, ok)} ${name}: ${value}`);
  console.log(`${mark(stdout, report.ok)} ${report.verdict}`);
}

function failureLine({ frames, connections, text }: LoadReport['failures'][number]): string {
  const cost = [
    connections > 0 ? countOf(connections, 'connection') : '',
    frames > 0 ? `${countOf(frames, 'frame')} lost` : '',
  ];
  return `${cost.filter((part) => part !== '').join(', ')}: ${text}`;
}
