/** What the end of the receiver's process explains: the connections that were lost with it, and what is no diagnosis any more. */
import { diagnose, diagnoseSession } from '../diagnose/diagnose.ts';
import type { Witnesses } from '../diagnose/evidence.ts';
import { scriptEvidence } from '../diagnose/script-evidence.ts';
import type { Diagnosis } from '../emulator/diagnosis.ts';
import type { ConnectionRecord } from '../emulator/ledger.ts';
import { tookEffect } from './app/calls.ts';
import type { CaseSeen, MeetingSeen, Moment } from './seen.ts';
import { isExpected } from './verdict.ts';
import { howOf, tellingLines } from './witnesses/last-word.ts';
import type { ProcessExit } from './witnesses/process.ts';

/** What refuses a dial says nothing of a receiver that is not there any more. */
const REFUSALS = ['not_there', 'one_connection_per_url', 'connection_limit', 'token_works_once'];
/** They say that the process ended. */
const ENDS = ['crash', 'shutdown'];

/** Wall seconds within which a connection ends and its process is seen to: a busy machine takes its time. */
const TOGETHER_SECONDS = 1;
/** The same on the meeting's clock at least. */
const TOGETHER_AT_LEAST_SECONDS = 2;

/** A meeting during which the process may have ended, diagnosed again with that. Its lines are made of these. */
export function withExit(meeting: MeetingSeen, exit: ProcessExit): MeetingSeen {
  const { speed, startedMs, moments = [] } = meeting;
  const atSeconds = ((exit.atMs - startedMs) / 1_000) * speed;
  if (atSeconds < 0) return meeting;
  const ended: Moment = { atSeconds, kind: 'process', text: `the receiver's process ended ${howOf(exit)}` };
  const { code, signal, stderr } = exit;
  const withinSeconds = Math.max(TOGETHER_AT_LEAST_SECONDS, TOGETHER_SECONDS * speed);
  const seen = { code, signal, stderr: tellingLines(stderr), atSeconds, withinSeconds };
  return { ...meeting, moments: [...moments, ended], diagnoses: diagnosedWith(meeting, seen) };
}

function diagnosedWith(
  { session, script, calls, diagnoses }: MeetingSeen,
  exit: NonNullable<Witnesses['exit']>,
): readonly Diagnosis[] {
  // What a script met with is told by its own lines; that it was the end of the process, by nothing else.
  if (script !== undefined) {
    const lastMessages = lastMessagesOf(
      script.connections.map(({ connection: number, lastMessage }) => ({ number, lastMessage })),
    );
    return diagnose(scriptEvidence(script, { exit, lastMessages })).filter(({ code }) => ENDS.includes(code));
  }
  if (session === undefined) return diagnoses;
  return diagnoseSession(session, {
    exit,
    lastMessages: lastMessagesOf(session.ledger.connections),
    ...(calls === undefined ? {} : { calls: calls.filter(tookEffect) }),
  }).filter(({ code }) => !REFUSALS.includes(code));
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

function lastMessagesOf(
  connections: readonly Pick<ConnectionRecord, 'number' | 'lastMessage'>[],
): NonNullable<Witnesses['lastMessages']> {
  return connections.flatMap(({ number, lastMessage }) =>
    lastMessage === null
      ? []
      : [{ ...lastMessage, connection: number, event: lastMessage.event || 'no event of ours' }],
  );
}
