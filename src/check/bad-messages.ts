/** Meetings with messages in them that no receiver can use, and what they did to the connection. */
import type { Script, StepOf } from '../emulator/script.ts';
import type { AudioSeparateRawData } from '../protocol/audio-separate.ts';
import type { Case, CaseLine } from './case.ts';
import { lateFailures, wireLine } from './lines.ts';
import { meetingOf, PEOPLE } from './meeting.ts';
import type { CaseMeeting, CaseSeen } from './seen.ts';

/** What all cases of bad messages have in common. */
export const ROBUST = {
  expects: 'It is skipped, and the audio around it is kept.',
  why: 'Other senders find the port, proxies cut messages, and software has bugs. One bad message is no reason to lose a meeting.',
  source:
    'Our choice: Recall itself sends no such message. An exception in the handler of messages ends the process with ws (Node), and the connection, by 1011, with websockets (Python)',
  remedy:
    'Read each message in a `try` of its own: leave out what cannot be used, write a line to the log, and go on. Neither close the connection nor end the process.',
  connections: 'any',
  beyondRecall: true,
  tier: 'default',
} as const satisfies Partial<Case>;

/** A message made of the good one that follows it: text, or bytes for a binary message. */
export type BadMessage = (good: AudioSeparateRawData) => string | Buffer;

/** Good messages between two bad ones. */
const APART = 2;

/** One person speaks for two seconds or so, and bad messages come in between, each once. */
export function meetingWithBad(bad: readonly BadMessage[]): CaseMeeting {
  const seconds = Math.max(2, (bad.length + 2) * APART * 0.1);
  return {
    scenario: meetingOf([{ ...PEOPLE[0], unmuted: [[0, seconds]] }], seconds),
    script: (steps) => interspersed(steps, bad),
  };
}

function* interspersed(steps: Script, bad: readonly BadMessage[]): Generator<StepOf<Script>> {
  let before = 0;
  for (const step of steps) {
    if (step.kind === 'message') {
      const message = before % APART === 0 ? bad[before / APART - 1]?.(JSON.parse(step.text)) : undefined;
      if (typeof message === 'string') yield { ...step, text: message };
      else if (message !== undefined)
        yield { kind: 'binary', connection: step.connection, atSample: step.atSample, bytes: message };
      // What it does about it shows before the next message comes.
      if (message !== undefined) yield { kind: 'ping', connection: step.connection, atSample: step.atSample };
      before++;
    }
    yield step;
  }
}

/** Lines about connections that the receiver ended. */
export function endedBy(seen: CaseSeen): CaseLine[] {
  const lost = seen.meetings
    .flatMap(({ script }) => script?.connections ?? [])
    .filter((connection) => connection.opened && connection.endedBy === 'receiver')
    .map(({ failure }) =>
      wireLine(
        'ended_by_message',
        `the receiver did not get over a message that it cannot use: ${failure?.text ?? 'the connection was lost'}`,
      ),
    );
  return [...lost, ...lateFailures(seen)];
}
