import { missedBreak } from '../busy.ts';
import type { Case } from '../case.ts';
import { endedSuccessors } from '../lines.ts';
import { meetingOf, PEOPLE } from '../meeting.ts';
import type { CaseMeeting } from '../seen.ts';

const COMMON = {
  remedy:
    'Keep state by recording and participant, not by connection: go on with the same file when a connection brings the same ids. Restore the gap as silence, or leave it out, as at a mute.',
  tier: 'default',
  missed: missedBreak,
  look: endedSuccessors,
} as const satisfies Partial<Case>;

export const connectionsLostAndBack: Case = {
  ...COMMON,
  id: 'connections.lost_and_back',
  title: 'a connection is lost without a close frame, and is back in a second',
  expects:
    'What came before and what comes after are in one file, in order. What was lost in between is no fault of the receiver.',
  why: 'Networks break, and what was lost is dialled anew.',
  source: 'Seen on live Teams calls: a connection dropped about every eight minutes and back within seconds',
  rounds: () => [[lost({ faults: ['reconnect=1.3s,gap=1s'] })]],
};

export const connectionsReplaced: Case = {
  ...COMMON,
  id: 'connections.replaced_late_close',
  title: 'a connection is replaced, and the old one closes when the new one has been in use for a while',
  expects: 'All of it is kept, once and in order.',
  why: 'The successor may open before the old connection closes: the close that comes late is not the end of the participant.',
  source: 'Seen on live calls: late closes of the old socket',
  remedy:
    "Take a close for the end of that connection only. Whoever ends a participant's file at a close must look whether another connection has brought audio of the same participant since.",
  rounds: () => [[lost({ faults: ['reconnect=1.3s,late=700ms'] })]],
};

export const connectionsLostForLong: Case = {
  ...COMMON,
  id: 'connections.lost_for_long',
  title: 'a connection is lost for longer than audio waits, and the last of it comes in a burst',
  expects:
    'What came before and what comes after are in order, each at its place. What was lost in between is no fault of the receiver.',
  why: 'A sender holds audio back for so long while nobody is connected, and sends what it has at once when somebody is: later than it was said, and with a gap before it.',
  source:
    'Recall, "Real-Time Endpoints", 2025-06: dialled again every 3 s, 30 times. Whether audio waits meanwhile is not documented; other networks behave so',
  rounds: () => [[lost({ faults: ['reconnect=1.3s,gap=2s'], send: { bufferDisconnectedSeconds: 0.6 } })]],
};

function lost(how: Pick<CaseMeeting, 'faults' | 'send'>): CaseMeeting {
  return {
    ...how,
    scenario: meetingOf(
      [
        { ...PEOPLE[0], unmuted: [[0, 3.9]] },
        { ...PEOPLE[1], unmuted: [[0.2, 3.7]] },
      ],
      4,
    ),
  };
}
