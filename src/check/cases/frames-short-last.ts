import type { Case } from '../case.ts';
import { meetingOf, PEOPLE } from '../meeting.ts';

export const framesShortLast: Case = {
  id: 'frames.short_last',
  title: 'the last message before a mute is short: 37 ms, and 5 ms',
  expects: 'They are kept as long as they are: not padded, and not left out.',
  why: 'People mute at any moment, and what is left is no whole frame.',
  source: 'Our choice: Recall documents no length of buffers of separate audio',
  remedy: 'Take the length of each message from its own buffer. Keep what is left when a connection closes.',
  connections: 'any',
  tier: 'default',
  rounds: () => [
    [
      {
        scenario: meetingOf(
          [
            {
              ...PEOPLE[0],
              unmuted: [
                [0.1, 1.337],
                [1.6, 2.205],
              ],
            },
          ],
          2.5,
        ),
      },
    ],
  ],
};
