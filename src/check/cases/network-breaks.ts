import { missedBreak } from '../busy.ts';
import type { Case } from '../case.ts';
import { endedSuccessors } from '../lines.ts';
import { meetingOf, PEOPLE } from '../meeting.ts';
import type { CaseMeeting } from '../seen.ts';

const COMMON = {
  expects:
    'What came before and what comes after are kept, in order. What was lost in between is no fault of the receiver.',
  tier: 'default',
  missed: missedBreak,
  look: endedSuccessors,
} as const satisfies Partial<Case>;

export const networkHalfOpen: Case = {
  ...COMMON,
  id: 'network.half_open',
  title: 'a connection falls silent without an end, and another is dialled',
  why: 'A cable is pulled, or a router forgets: nobody is told, and the receiver has an open connection on which nothing comes any more.',
  source:
    'RFC 9293 §3.5.1: half-open connections, of which one end is gone and the other has not been told. Not documented by Recall',
  remedy:
    'Take what the new connection brings, and do not wait for the end of the old one. Free that after a while, by pings or a timeout.',
  rounds: () => [[broken('half_open=600ms@1.4s')]],
};

export const networkReset: Case = {
  ...COMMON,
  id: 'network.reset',
  title: 'the TCP connection is reset',
  why: 'A program may end a connection so at any time, and the system does it for a process that ends and leaves something unread.',
  source: 'RFC 9293 §3.5.2 and §3.6.1: resets. Not documented by Recall',
  remedy:
    "Handle the socket's `error` as a close: in Node a socket without a handler for it ends the process. Keep what came, and go on when a connection brings the same ids.",
  rounds: () => [[broken('reset@1.4s')]],
};

function broken(fault: string): CaseMeeting {
  return {
    scenario: meetingOf(
      [
        { ...PEOPLE[0], unmuted: [[0, 3.9]] },
        { ...PEOPLE[1], unmuted: [[0.2, 3.7]] },
      ],
      4,
    ),
    faults: [fault],
  };
}
