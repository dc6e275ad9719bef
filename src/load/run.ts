/** `runLoad`: many bots at one receiver, over worker threads, from options to report. Prints nothing. */
import { type CountedDiagnosis, DiagnosisTally } from '../diagnose/tally.ts';
import { failuresOf, median, sumTotals, tidy, workerMeasures } from './measures.ts';
import type { LoadMeasures, LoadReport } from './report.ts';
import { Seconds } from './seconds.ts';
import { type LoadOptions, type LoadSettings, loadSettings } from './settings.ts';
import { Team } from './team.ts';
import { judge, parseThresholds } from './thresholds.ts';
import { verdictOf } from './verdict.ts';

/**
 * Runs a load test and resolves with its report, also when the receiver failed, a thread died or the signal came. Rejects with an
 * `EmulatorError` when it cannot begin: most often a `UsageError` or an `InvalidInputError` for options and files.
 */
export async function runLoad(options: LoadOptions): Promise<LoadReport> {
  const settings = await loadSettings(options);
  const thresholds = parseThresholds(options.thresholds ?? '');
  const { signal, onSecond } = options;
  const shares = settings.shares.map((bots) => ({ ...settings.worker, bots }));
  const team = await Team.start({ shares, signal });
  const cpu = process.cpuUsage();
  const seconds = new Seconds({ ...settings.worker, durationSeconds: settings.durationSeconds });
  const members = team?.members ?? [];
  for (const member of members) {
    member.onProgress = () => {
      const taken = seconds.take(members);
      if (taken !== undefined) onSecond?.(taken.second, taken.totals);
    };
  }
  try {
    const broken = await team?.play(signal);
    const measures = measuresOf(settings, members, seconds, process.cpuUsage(cpu));
    const findings = {
      measures,
      thresholds: [...judge(thresholds, measures)],
      failures: failuresOf(members.flatMap(({ totals }) => totals ?? [])),
      interrupted: signal?.aborted === true,
      broken,
    };
    return {
      ...verdictOf(findings),
      interrupted: findings.interrupted,
      ...measures,
      thresholds: findings.thresholds,
      failures: findings.failures,
      diagnoses: diagnosesOf(members),
      seconds: seconds.seconds,
    };
  } finally {
    await team?.close();
  }
}

function measuresOf(
  { worker, streams }: LoadSettings,
  members: Team['members'],
  { elapsedSeconds, fullLoad, busiest, rssMib }: Seconds,
  cpu: NodeJS.CpuUsage,
): LoadMeasures {
  const totals = members.flatMap((member) => member.totals ?? []);
  const histograms = members.flatMap(({ ending }) => (ending?.kind === 'done' ? ending.histograms : []));
  return {
    streams,
    bots: worker.totalBots,
    ...workerMeasures(totals, histograms, elapsedSeconds),
    messages_per_s: median(fullLoad) ?? Math.round(sumTotals(totals).sent / Math.max(elapsedSeconds, 0.001)),
    utilization: tidy(median(busiest) ?? Math.max(0, ...totals.map(({ utilization }) => utilization))),
    workers: members.length,
    cpu_s: tidy((cpu.user + cpu.system) / 1e6),
    rss_mb: Math.round(rssMib),
  };
}

/** Each cause once, whichever thread's bots it befell. */
function diagnosesOf(members: Team['members']): CountedDiagnosis[] {
  const tally = new DiagnosisTally();
  for (const { ending } of members) if (ending?.kind === 'done') tally.note(ending.diagnoses);
  return tally.diagnoses;
}
