/**
 * What there is to go by of a script: its connections as those of a session are. Nobody was unmuted by it and nothing fell due, so
 * that only what is told of connections can show.
 */
import { type DropReason, noDrops } from '../emulator/ledger.ts';
import type { ScriptConnectionReport } from '../emulator/script-connection.ts';
import type { ScriptReport } from '../emulator/script-player.ts';
import type { ConnectionEvidence, Evidence, Witnesses } from './evidence.ts';

const NONE: Readonly<Record<DropReason, number>> = noDrops();

/** Times are those of the script's clock. */
export function scriptEvidence({ connections, interrupted }: ScriptReport, witnesses: Witnesses): Evidence {
  return {
    endpoint: { secure: false, hasToken: false, signed: false },
    mode: 'per-participant',
    durationSeconds: Math.max(0, ...connections.map(({ endedSeconds }) => endedSeconds ?? 0)),
    interrupted,
    participants: [],
    connections: connections.map(connectionEvidence),
    unmuted: [],
    witnesses,
  };
}

function connectionEvidence(report: ScriptConnectionReport): ConnectionEvidence {
  const { openedSeconds, endedSeconds, closeCode, closeReason, endedBy, failure, lastMessage } = report;
  return {
    number: report.connection,
    openedSeconds,
    closedSeconds: openedSeconds === null ? null : endedSeconds,
    closeCode,
    closeReason: closeReason === '' ? null : closeReason,
    // When a dial failed is not told.
    dials: [],
    endedBy: endedBy === 'receiver' || endedBy === null ? endedBy : 'emulator',
    retries: 0,
    error: failure,
    messagesReceived: report.received.count,
    pingsReceived: report.pingsReceived,
    bytesWritten: 0,
    blockedMs: 0,
    maxBacklogBytes: 0,
    sentInDoubt: false,
    lastMessage,
    accounts: [],
    scheduled: report.sent + report.unsent,
    sent: report.sent,
    dropped: NONE,
  };
}
