/** What a load test has shown: whether it held, what went wrong, and whose limit it was. Pure. */
import { isOnDemand } from '../emulator/failure.ts';
import { type Failures, inBrackets, lostWhileDisconnected } from '../emulator/failure-tally.ts';
import { unasked } from '../emulator/ledger.ts';
import { countOf } from '../words.ts';
import type { LoadMeasures, LoadReport } from './report.ts';
import { measured, type ThresholdResult } from './thresholds.ts';

/** Frames this late are a whole frame of the usual length behind: this machine did not keep its times. */
const LATE_MS = 100;
/** A thread that has this little time left cannot keep its times. */
const BUSY = 0.9;
/** The lateness that shows at a busy thread. */
const BUSY_LATE_MS = 10;
/** Sockets without room for less than this, over all connections, are no sign of a slow reader. */
const BLOCKED_MS = 100;

/** What there is to judge. */
export interface Findings {
  readonly measures: LoadMeasures;
  readonly thresholds: readonly ThresholdResult[];
  readonly failures: Failures;
  readonly interrupted: boolean;
  /** Why it could not go on, if it could not. */
  readonly broken: string | undefined;
}

export function verdictOf(findings: Findings): Pick<LoadReport, 'ok' | 'verdict' | 'bottleneck'> {
  const { measures, thresholds, interrupted, broken } = findings;
  const { dropped, failed_bots, sent, scheduled, streams, in_doubt } = measures;
  const late = lateText(findings);
  const delivered = unasked(dropped) === 0 && failed_bots === 0 && scheduled > 0;
  // Without thresholds a load that this machine could not make has shown nothing about the receiver.
  const held = thresholds.length > 0 ? thresholds.every(({ ok }) => ok) : delivered && late === undefined;
  const begins = broken !== undefined ? 'Broken off: ' : interrupted ? 'Interrupted: ' : '';
  const faults = faultsOf(findings);
  const asked = dropped.total - unasked(dropped);
  const planned = asked === 0 ? '' : `, ${asked} lost as it was asked for`;
  const doubt =
    in_doubt === 0 ? '' : `, up to ${in_doubt} in doubt (a reset destroys what the receiver has not read)`;
  const what = `${sent} of ${countOf(scheduled, 'frame')} of ${countOf(streams, 'stream')} delivered${planned}${doubt}`;
  return {
    ok: held && broken === undefined,
    verdict: `${begins}${what}${faults.length === 0 ? '' : `: ${faults.join('; ')}`}.${whose(findings, late)}`,
    bottleneck: bottleneckOf(findings, late),
  };
}

/** Always with the reasons. */
function faultsOf({ measures, thresholds, failures, interrupted, broken }: Findings): string[] {
  const { dropped, failed_bots, bots, scheduled } = measures;
  const faults = thresholds.filter(({ ok }) => !ok).map((result) => `${result.name} was ${measured(result)}`);
  if (broken !== undefined) faults.push(broken);
  const untold = failures.filter((each) => !isOnDemand(each));
  if (failed_bots > 0) {
    faults.push(`${failed_bots} of ${countOf(bots, 'bot')} failed${inBrackets(untold)}`);
  } else if (dropped.disconnected > 0) {
    faults.push(lostWhileDisconnected(countOf(dropped.disconnected, 'frame'), untold));
  } else if (untold.length > 0) {
    const connections = untold.reduce((sum, each) => sum + each.connections, 0);
    faults.push(`${countOf(connections, 'connection')} failed without loss of frames${inBrackets(untold)}`);
  }
  if (dropped.slow_receiver > 0)
    faults.push(`${countOf(dropped.slow_receiver, 'frame')} dropped because the receiver did not keep up`);
  if (scheduled === 0 && !interrupted && broken === undefined) faults.push('nobody unmutes in this meeting');
  return faults;
}

/** How this machine missed its times, if it did. */
function lateText({ measures, thresholds }: Findings): string | undefined {
  const { lateness_ms, utilization } = measures;
  const asked = thresholds.some(({ name, ok }) => !ok && name.startsWith('lateness_'));
  if (utilization >= BUSY && (lateness_ms.p99 > BUSY_LATE_MS || asked))
    return `its busiest thread had no time left, and frames left up to ${lateness_ms.p99} ms late (p99)`;
  if (lateness_ms.p99 > LATE_MS || asked) return `frames left it up to ${lateness_ms.p99} ms late (p99)`;
  return undefined;
}

function whose(findings: Findings, late: string | undefined): string {
  if (late !== undefined) return ` This machine is the bottleneck, not the receiver: ${late}.`;
  if (lacksOwn(findings)) return ' This machine is the bottleneck, not the receiver.';
  const { blocked_ms, dropped } = findings.measures;
  if (blocked_ms > BLOCKED_MS && dropped.slow_receiver === 0)
    return ` The receiver read slowly: its sockets had no room for ${blocked_ms} ms, over all connections.`;
  return '';
}

function bottleneckOf(findings: Findings, late: string | undefined): LoadReport['bottleneck'] {
  const { dropped, failed_bots, blocked_ms } = findings.measures;
  if (late !== undefined || lacksOwn(findings) || findings.broken !== undefined) return 'sender';
  const receiver =
    dropped.slow_receiver > 0 || dropped.disconnected > 0 || failed_bots > 0 || blocked_ms > BLOCKED_MS;
  return receiver ? 'receiver' : 'none';
}

/** Whether the worst failure is that this machine had no descriptor or no port left. */
function lacksOwn({ failures }: Findings): boolean {
  const code = failures[0]?.code;
  return code === 'own_descriptors' || code === 'own_ports';
}
