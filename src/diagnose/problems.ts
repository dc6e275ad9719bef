/** What is to be explained: everything that went wrong on an endpoint and was nobody's wish. Pure. */
import { isOnDemand } from '../emulator/failure.ts';
import { isLost } from './endings.ts';
import type { ConnectionEvidence, Evidence } from './evidence.ts';

/**
 * - `refused`: dials failed.
 * - `late`: the upgrade was answered so late that audio was lost.
 * - `lost`: the open connection ended, and we had not begun that, or not alone.
 * - `unread`: the receiver did not read, and audio was dropped.
 * - `unanswered`: our close frame was not answered.
 */
export type ProblemKind = 'refused' | 'late' | 'lost' | 'unread' | 'unanswered';

/** At most one of a kind for each connection. */
export interface Problem {
  readonly kind: ProblemKind;
  readonly connection: ConnectionEvidence;
  readonly atSeconds: number;
}

export function problemsOf({ connections }: Evidence): Problem[] {
  return connections
    .flatMap((connection): Problem[] => {
      const { dials, openedSeconds, closedSeconds, dropped, error } = connection;
      const problems: Problem[] = [];
      const add = (kind: ProblemKind, atSeconds: number): void => {
        problems.push({ kind, connection, atSeconds });
      };
      const failed = dials.find(({ failure }) => failure !== null && isTheirs(failure));
      if (failed !== undefined) add('refused', failed.failedSeconds!);
      if (waitedTooLong(connection)) add('late', openedSeconds ?? dials[0]!.startedSeconds);
      if (isLost(connection)) add('lost', closedSeconds!);
      if (dropped.slow_receiver > 0) add('unread', firstMissing(connection) ?? openedSeconds ?? 0);
      if (error?.code === 'close_unanswered') add('unanswered', closedSeconds!);
      return problems;
    })
    .sort((a, b) => a.atSeconds - b.atSeconds);
}

/** Not asked for, and not our own end. */
export function isTheirs(failure: NonNullable<ConnectionEvidence['error']>): boolean {
  return !isOnDemand(failure) && failure.code !== 'interrupted';
}

/** Those of certain kinds, on certain connections. */
export function problemsOn(
  problems: readonly Problem[],
  connections: readonly ConnectionEvidence[],
  ...kinds: readonly ProblemKind[]
): Problem[] {
  return problems.filter(({ kind, connection }) => kinds.includes(kind) && connections.includes(connection));
}

function waitedTooLong({ accounts }: ConnectionEvidence): boolean {
  return accounts.some(({ causes }) => causes.some(({ code }) => code === 'upgrade_slow'));
}

/** When the first of its audio was lost. */
function firstMissing({ accounts }: ConnectionEvidence): number | undefined {
  const starts = accounts.flatMap(({ missing }) => missing.slice(0, 1).map(({ fromSeconds }) => fromSeconds));
  return starts.length === 0 ? undefined : Math.min(...starts);
}
