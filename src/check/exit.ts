/** What the end of the receiver's process explains: the connections that were lost with it. */
import { diagnoseSession } from '../diagnose/diagnose.ts';
import type { Session } from '../emulator/session.ts';
import type { MeetingSeen, Moment } from './seen.ts';
import { howOf, tellingLines } from './witnesses/last-word.ts';
import type { ProcessExit } from './witnesses/process.ts';

/** A meeting during which the process may have ended, diagnosed again with that. */
export function withExit(meeting: MeetingSeen, exit: ProcessExit): MeetingSeen {
  const { session, speed, startedMs, calls, moments = [] } = meeting;
  const atSeconds = ((exit.atMs - startedMs) / 1_000) * speed;
  if (atSeconds < 0) return meeting;
  const ended: Moment = { atSeconds, kind: 'process', text: `the receiver's process ended ${howOf(exit)}` };
  return {
    ...meeting,
    moments: [...moments, ended],
    diagnoses:
      session === undefined
        ? meeting.diagnoses
        : diagnoseSession(session, {
            exit: { code: exit.code, signal: exit.signal, stderr: tellingLines(exit.stderr), atSeconds },
            lastMessages: lastMessagesOf(session),
            ...(calls === undefined ? {} : { calls }),
          }).filter(({ code }) => !REFUSALS.includes(code)),
  };
}

/** What refuses a dial says nothing of a receiver that is not there any more. */
const REFUSALS = ['not_there', 'one_connection_per_url', 'connection_limit', 'token_works_once'];

function lastMessagesOf({ ledger }: Session) {
  return ledger.connections.flatMap(({ number, lastMessage }) =>
    lastMessage === null
      ? []
      : [{ ...lastMessage, connection: number, event: lastMessage.event || 'no event of ours' }],
  );
}
