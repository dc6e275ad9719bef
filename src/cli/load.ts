/** `recall-emulator load`: reads the options, runs the load test, prints the report. */
import { Command } from 'commander';
import { LOAD_DEFAULTS } from '../load/defaults.ts';
import type { LimitLevel } from '../load/find-limit.ts';
import type { LoadReport, LoadSecond } from '../load/report.ts';
import type { LoadOptions, LoadTotals } from '../load/settings.ts';
import { redactTarget } from '../target.ts';
import { countOf } from '../words.ts';
import { addFlags, inFlags, optionsOf } from './command-flags.ts';
import { diagnosisLines } from './diagnoses.ts';
import { EXIT, interruptSignal } from './exit.ts';
import type { FlagName, FlagValues } from './flags.ts';
import { columnsOf, cut, definitions, wrap } from './layout.ts';
import { print, printJson, printWrapped, tell } from './print.ts';
import { writeReport } from './report-file.ts';
import { mark } from './style.ts';
import { warnOfSlash } from './warning.ts';

/** Of the library's `runLoad`. */
const LOAD = [
  'bots',
  'participants',
  'duration',
  'ramp',
  'frameMs',
  'scenario',
  'workers',
  'connections',
  'thresholds',
  'seed',
  'header',
  'secret',
  'insecure',
  'retryAttempts',
  'retryInterval',
  'fault',
  'maxBacklog',
  'pingEvery',
] as const satisfies FlagName[];
const OTHERS = [
  'findLimit',
  'maxBots',
  'html',
  'junit',
  'metricsPort',
  'json',
  'quiet',
] as const satisfies FlagName[];

type Flags = FlagValues<(typeof LOAD)[number] | (typeof OTHERS)[number]>;

export function loadCommand(): Command {
  const command = new Command('load')
    .description('Measure how many meetings your receiver holds, and what breaks first.')
    .argument('<url>', 'ws:// or wss:// URL of the receiver');
  return addFlags(command, [...LOAD, ...OTHERS], {
    participants: `${LOAD_DEFAULTS.participants}`,
    duration: `${LOAD_DEFAULTS.durationSeconds}s`,
    scenario: '--participants people for --duration',
    seed: `${LOAD_DEFAULTS.seed}`,
  })
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
  1  not so, or a report could not be written
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
    if (metrics !== undefined) tell(`metrics at ${metrics.url}`);
  }
  const progress = flags.quiet === true ? undefined : await startProgress();
  const options: LoadOptions = {
    ...optionsOf(LOAD, flags),
    to,
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
  const written = await writeReports(flags, report, options.to);
  if (flags.json === true) printJson(report);
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
    tell(`${mark(process.stderr, level.ok)} ${levelLine(level)}`);
  });
  progress?.stop();
  const last = result.levels.findLast(({ bots }) => bots === result.bots) ?? result.levels.at(-1);
  const written = last === undefined || (await writeReports(flags, last.report, options.to));
  if (flags.json === true) printJson(result);
  else printWrapped(`${mark(process.stdout, result.ok)} ${result.verdict}`);
  process.exitCode = result.ok && written ? EXIT.ok : EXIT.failed;
}

function levelLine({ bots, streams, report }: LimitLevel): string {
  const { lateness_ms, connect_ms, dropped } = report;
  return `${bots} bots, ${streams} streams: late p99 ${lateness_ms.p99} ms, connect p95 ${connect_ms.p95} ms, ${dropped.total} dropped`;
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
    return { show: (second, totals) => tell(line(second, totals)), clear() {}, stop() {} };
  const { createLogUpdate } = await import('log-update');
  const update = createLogUpdate(process.stderr);
  return {
    show: (second, totals) => update(cut(line(second, totals), columnsOf(process.stderr))),
    clear: () => update.clear(),
    stop: () => update.done(),
  };
}

/** Whether all that was asked for could be written. */
async function writeReports({ html, junit }: Flags, report: LoadReport, to: string): Promise<boolean> {
  const [{ loadReportHtml }, { loadReportJunit }] = await Promise.all([
    import('../load/html.ts'),
    import('../load/junit.ts'),
  ]);
  const written = [
    // Tokens ride in the query.
    html === undefined ||
      (await writeReport('--html', html, () => loadReportHtml(report, redactTarget(to), inFlags))),
    junit === undefined || (await writeReport('--junit', junit, async () => loadReportJunit(report))),
  ];
  return written.every(Boolean);
}

async function printSummary(report: LoadReport): Promise<void> {
  const [{ figures }, { measured }] = await Promise.all([
    import('../load/html.ts'),
    import('../load/thresholds.ts'),
  ]);
  const { stdout } = process;
  const width = columnsOf(stdout);
  for (const line of definitions(figures(report), width)) print(line);
  for (const failure of report.failures) for (const line of wrap(failureLine(failure), width)) print(line);
  for (const result of report.thresholds)
    print(`${mark(stdout, result.ok)} ${result.name}: ${measured(result)}`);
  printWrapped(`${mark(stdout, report.ok)} ${report.verdict}`);
  for (const line of diagnosisLines(report.diagnoses, width)) print(line);
}

function failureLine({ frames, connections, text }: LoadReport['failures'][number]): string {
  const cost = [
    connections > 0 ? countOf(connections, 'connection') : '',
    frames > 0 ? `${countOf(frames, 'frame')} lost` : '',
  ];
  return `${cost.filter((part) => part !== '').join(', ')}: ${text}`;
}
