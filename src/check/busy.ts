/** Whether a meeting went as it was meant to: on a machine that is too busy connections open when all is over. */
import type { CaseSeen } from './seen.ts';

/** At least one connection has another one after it. */
export function missedBreak({ setting, meetings }: CaseSeen): string | undefined {
  const isMissed = meetings.some(({ session, timeline }) => {
    const opened = session?.ledger.connections.filter(({ openedSeconds }) => openedSeconds !== null) ?? [];
    const planned = setting.connections === 'per-endpoint' ? 1 : timeline.streams.length;
    return session !== undefined && opened.length <= planned;
  });
  return isMissed
    ? 'what happens when a connection is lost: none had opened by then, or none came back; try again when the machine is less busy'
    : undefined;
}

/** So many connections were open at the same time. */
export function missedCrowd(wanted: number): (seen: CaseSeen) => string | undefined {
  return ({ meetings }) => {
    const moments = meetings.flatMap(({ session, startedMs, speed }) =>
      (session?.ledger.connections ?? []).flatMap(({ openedSeconds, closedSeconds }) =>
        openedSeconds === null || closedSeconds === null
          ? []
          : [
              { atMs: startedMs + (openedSeconds * 1_000) / speed, change: 1 },
              { atMs: startedMs + (closedSeconds * 1_000) / speed, change: -1 },
            ],
      ),
    );
    let open = 0;
    let most = 0;
    for (const { change } of moments.sort((a, b) => a.atMs - b.atMs)) {
      open += change;
      most = Math.max(most, open);
    }
    return most < wanted
      ? `more than ${most} connections at the same time: the machine was too busy for ${wanted}`
      : undefined;
  };
}
