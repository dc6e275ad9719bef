import type { Case } from '../case.ts';
import { meetingOf, PEOPLE } from '../meeting.ts';

export const muteOffAndOn: Case = {
  id: 'mute.off_and_on',
  title: 'somebody is muted and unmuted again',
  expects:
    'Both stretches are in one file, in order; the silence between them is either restored or left out, everywhere alike.',
  why: 'People mute themselves all the time, and each unmute opens a connection of its own.',
  source: 'Recall, "How to get Separate Audio per Participant (Realtime)", 2025-06',
  remedy:
    'A close ends a stretch, not the participant: keep what you have by recording id and participant id, and go on when a connection with the same ids comes.',
  tier: 'quick',
  rounds: () => [
    [
      {
        scenario: meetingOf(
          [
            {
              ...PEOPLE[0],
              unmuted: [
                [0.3, 1.7],
                [3.1, 4.6],
              ],
            },
          ],
          5,
        ),
      },
    ],
  ],
};
