import type { Case } from '../case.ts';
import { meetingOf, PEOPLE } from '../meeting.ts';
import type { CaseMeeting } from '../seen.ts';

const COMMON = {
  expects: 'All of it is kept, as when each message comes whole.',
  connections: 'any',
  tier: 'default',
} as const satisfies Partial<Case>;

export const networkSegments: Case = {
  ...COMMON,
  id: 'network.segments',
  title: 'messages come in many small TCP segments',
  why: 'TCP is a stream of bytes: one read may bring a part of a message, or the end of one and the beginning of the next.',
  source:
    'RFC 9293 §2.2 and §3.7: TCP is a stream of bytes in order, and what was written at once need not be read at once',
  remedy:
    'Leave framing to a WebSocket library. Where it is your own, collect bytes until a frame is complete.',
  rounds: () => [[inPieces('slicer=200')]],
};

export const networkFragments: Case = {
  ...COMMON,
  id: 'network.fragments',
  title: 'each message comes in several WebSocket frames',
  why: 'Proxies and servers on the way may split a message into fragments.',
  source:
    'RFC 6455 §5.4: both ends have to take fragments; who is on the way may make them, unless there is an extension that it does not know',
  remedy:
    'Read whole messages, not frames: libraries put fragments together unless they were told not to. Only the frame with the FIN bit ends a message.',
  rounds: () => [[inPieces('fragments=3')]],
};

function inPieces(fault: string): CaseMeeting {
  return {
    scenario: meetingOf(
      [
        { ...PEOPLE[0], unmuted: [[0, 1.8]] },
        { ...PEOPLE[1], unmuted: [[0.3, 2]] },
      ],
      2,
    ),
    faults: [fault],
  };
}
