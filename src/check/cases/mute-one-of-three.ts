import type { Case } from '../case.ts';
import { meetingOf, PEOPLE } from '../meeting.ts';

const [ada, ben, chloe] = PEOPLE;

export const muteOneOfThree: Case = {
  id: 'mute.one_of_three',
  title: 'one of three mutes while the others talk on',
  expects: 'The others are kept without a gap, and whoever was muted is kept again after the unmute.',
  why: 'A mute closes one connection, or is no more than a pause on the one that all share. The meeting goes on.',
  source: 'Recall, "How to get Separate Audio per Participant (Realtime)", 2025-06',
  remedy:
    'Let a close end its own connection and nothing else: not the recording, and not what you keep of anybody.',
  tier: 'quick',
  rounds: () => [
    [
      {
        scenario: meetingOf(
          [
            { ...ada, unmuted: [[0, 3]] },
            { ...ben, unmuted: [[0.1, 3]] },
            {
              ...chloe,
              unmuted: [
                [0.2, 1.1],
                [2, 3],
              ],
            },
          ],
          3,
        ),
      },
    ],
  ],
};
