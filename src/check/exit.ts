/** What the end of the receiver's process explains: the connections that were lost with it, and what is no diagnosis any more. */
import { diagnoseSession } from '../diagnose/diagnose.ts';
import type { Diagnosis } from '../emulator/diagnosis.ts';
import type { Session } from '../emulator/session.ts';
import type { CaseSeen, MeetingSeen, Moment } from './seen.ts';
import { isExpected } from './verdict.ts';
import { howOf, tellingLines } from './witnesses/last-word.ts';
import type { ProcessExit } from './witnesses/process.ts';

/** What refuses a dial says nothing of a receiver that is not there any more. */
const REFUSALS = ['not_there', 'one_connection_per_url', 'connection_limit', 'token_works_once'];
/** They say that the process ended. */
const ENDS = ['crash', 'shutdown'];

/** A meeting during which the process may have ended, diagnosed again with that. Its lines are made of these. */
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

/**
 * Of a case, each once. Whatever its connections look like: a process that is gone reads nothing, answers nothing and lets nobody
 * in, and its end is the cause of what the case came to.
 */
export function diagnosesOf({ meetings, exit }: CaseSeen): Diagnosis[] {
  const all = meetings
    .filter(isExpected)
    .flatMap(({ diagnoses }) => diagnoses)
    .filter(({ code }) => exit === undefined || ENDS.includes(code));
  return all.filter(({ text }, index) => all.findIndex((other) => other.text === text) === index);
}

function lastMessagesOf({ ledger }: Session) {
  return ledger.connections.flatMap(({ number, lastMessage }) =>
    lastMessage === null
      ? []
      : [{ ...lastMessage, connection: number, event: lastMessage.event || 'no event of ours' }],
  );
}
