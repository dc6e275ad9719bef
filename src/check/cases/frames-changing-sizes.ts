import type { Case } from '../case.ts';
import { meetingOf, PEOPLE } from '../meeting.ts';

export const framesChangingSizes: Case = {
  id: 'frames.changing_sizes',
  title: 'messages of 100, 20, 250, 10 and 60 ms in turn',
  expects: 'All of it is kept, however it is cut.',
  why: 'No length is promised for separate audio: nor that it stays the same.',
  source: 'Our choice: Recall documents no length of buffers of separate audio',
  remedy:
    'Take the length of each message from its own buffer, and its position from its own timestamp. Where you need frames of one length, collect and cut anew.',
  connections: 'any',
  tier: 'quick',
  rounds: () => [
    [
      {
        scenario: meetingOf([{ ...PEOPLE[0], unmuted: [[0, 2.2]] }], 2.2),
        send: { frameMs: [100, 20, 250, 10, 60] },
      },
    ],
  ],
};
