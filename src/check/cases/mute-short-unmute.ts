import type { Case } from '../case.ts';
import { meetingOf, PEOPLE } from '../meeting.ts';

export const muteShortUnmute: Case = {
  id: 'mute.short_unmute',
  title: 'somebody is unmuted for less than a second, twice',
  expects: 'Both short stretches are kept, also the one that is a single message.',
  why: 'People unmute to say "yes", or by mistake.',
  source:
    'Recall, "How to get Separate Audio per Participant (Realtime)", 2025-06: a connection for each unmute',
  remedy:
    'Keep each message when it comes. Where you collect a minimum before you keep or hand on anything, hand on what is left at a close, too.',
  tier: 'default',
  rounds: () => [
    [
      {
        scenario: meetingOf(
          [
            {
              ...PEOPLE[0],
              unmuted: [
                [0, 0.8],
                [1.2, 1.5],
                [1.8, 1.9],
                [2.3, 3],
              ],
            },
          ],
          3,
        ),
      },
    ],
  ],
};
