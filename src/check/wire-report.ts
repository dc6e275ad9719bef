/** The wire of a played meeting as a report draws it: its connections, and a log of what went over them. */
import { connectionFacts } from '../emulator/connection-facts.ts';
import { ENDPOINT_EVENTS } from '../emulator/ledger.ts';
import type { ScriptConnectionReport } from '../emulator/script-connection.ts';
import type { Session } from '../emulator/session.ts';
import { plainText } from '../plain-text.ts';
import type { MeetingReport, WireEntry } from './report.ts';
import type { ScriptLog } from './script-log.ts';
import type { MeetingSeen } from './seen.ts';

const MAX_WIRE = 200;
const MAX_TEXT = 160;

type Connection = MeetingReport['connections'][number];

export function connectionsOf({ session, script, scriptLog, timeline }: MeetingSeen): Connection[] {
  if (session === undefined)
    return (script?.connections ?? []).map((each) =>
      scriptConnection(each, scriptLog?.participantsOf(each.connection) ?? []),
    );
  const { connections, accounts } = session.ledger;
  return connections.map((record) => ({
    ...connectionFacts(record),
    participants: [
      ...new Set(
        accounts
          .filter(({ connection, participant }) => connection === record && participant !== ENDPOINT_EVENTS)
          .map(({ participant }) => timeline.participants[participant]!.id),
      ),
    ],
  }));
}

function scriptConnection(
  {
    connection,
    opened,
    openedSeconds,
    endedSeconds,
    closeCode,
    closeReason,
    endedBy,
    failure,
  }: ScriptConnectionReport,
  participants: readonly number[],
): Connection {
  return {
    number: connection,
    participants: [...participants],
    opened_s: openedSeconds,
    closed_s: opened ? endedSeconds : null,
    close_code: closeCode,
    close_reason: closeReason === '' ? null : closeReason,
    ended_by: endedBy === null ? null : endedBy === 'receiver' ? 'receiver' : 'emulator',
    error: failure?.text ?? null,
  };
}

/** What is known of the wire, in the order of time. Openings and ends are told before all else when there is too much. */
export function wireOf(seen: MeetingSeen): WireEntry[] {
  const { session, script, scriptLog } = seen;
  const ends = session === undefined ? (script?.connections ?? []).flatMap(scriptEnds) : sessionEnds(session);
  const messages = [
    ...(script?.connections ?? []).flatMap((each) => [...sentOver(each, scriptLog), ...receivedOf(each)]),
  ].sort((a, b) => a.at_s - b.at_s);
  const shown = messages.slice(0, Math.max(0, MAX_WIRE - ends.length));
  return [...ends.slice(0, MAX_WIRE), ...shown].sort((a, b) => a.at_s - b.at_s);
}

/** Messages go out in order, and what comes after the end is not sent: so the first of a connection's steps were. */
function sentOver(
  { connection, openedSeconds, endedSeconds, sent }: ScriptConnectionReport,
  scriptLog: ScriptLog | undefined,
): WireEntry[] {
  if (openedSeconds === null) return [];
  const steps = (scriptLog?.steps ?? []).filter((step) => step.connection === connection);
  const messages = steps.filter(({ kind }) => kind === 'message');
  const firstUnsent = messages[sent];
  const taken = firstUnsent === undefined ? steps : steps.slice(0, steps.indexOf(firstUnsent));
  // A step waits for its connection, and for the steps before it.
  const last = endedSeconds ?? Number.POSITIVE_INFINITY;
  return taken.map(({ atSeconds, kind, text }) => ({
    at_s: Math.min(last, Math.max(openedSeconds, atSeconds)),
    connection,
    kind,
    text,
  }));
}

function receivedOf({ connection, received }: ScriptConnectionReport): WireEntry[] {
  return received.texts.map((text, index) => ({
    at_s: received.atSeconds[index]!,
    connection,
    kind: 'received',
    text: plainText(text, MAX_TEXT),
  }));
}

function scriptEnds({
  connection,
  openedSeconds,
  endedSeconds,
  closeCode,
  closeReason,
  endedBy,
  failure,
}: ScriptConnectionReport): WireEntry[] {
  const end = endedSeconds ?? 0;
  if (openedSeconds === null)
    return failure === null ? [] : [{ at_s: end, connection, kind: 'refused', text: failure.text }];
  const byReceiver = endedBy === 'receiver';
  return [
    opening(openedSeconds, connection),
    closing(end, connection, { closeCode, closeReason, byReceiver }),
    // What the receiver did is told by its close.
    ...(failure === null || byReceiver
      ? []
      : [{ at_s: end, connection, kind: 'error' as const, text: failure.text }]),
  ];
}

function sessionEnds({ ledger }: Session): WireEntry[] {
  return ledger.connections
    .flatMap(({ number, dials, openedSeconds, closedSeconds, closeCode, closeReason, endedBy }) => [
      ...dials.flatMap(({ failedSeconds, failure }): WireEntry[] =>
        failure === null || failedSeconds === null
          ? []
          : [{ at_s: failedSeconds, connection: number, kind: 'refused', text: failure.text }],
      ),
      ...(openedSeconds === null ? [] : [opening(openedSeconds, number)]),
      ...(closedSeconds === null
        ? []
        : [closing(closedSeconds, number, { closeCode, closeReason, byReceiver: endedBy === 'receiver' })]),
    ])
    .sort((a, b) => a.at_s - b.at_s);
}

function opening(atSeconds: number, connection: number): WireEntry {
  return { at_s: atSeconds, connection, kind: 'open', text: '101 Switching Protocols' };
}

interface Closing {
  readonly closeCode: number | null;
  readonly closeReason: string | null;
  readonly byReceiver: boolean;
}

function closing(
  atSeconds: number,
  connection: number,
  { closeCode, closeReason, byReceiver }: Closing,
): WireEntry {
  const text = `${closeCode ?? 1006}${closeReason ? ` ${closeReason}` : ''}, by ${byReceiver ? 'the receiver' : 'us'}`;
  return { at_s: atSeconds, connection, kind: 'close', text };
}
