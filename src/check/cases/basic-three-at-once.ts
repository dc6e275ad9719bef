import type { Case } from '../case.ts';
import { meetingOf, PEOPLE } from '../meeting.ts';

export const basicThreeAtOnce: Case = {
  id: 'basic.three_at_once',
  title: 'three people speak at the same time',
  expects: 'Each of them has audio of their own, and all of it.',
  why: 'People talk over each other, and an open microphone sends all the time: their messages come by turns.',
  source: 'Recall, "How to get Separate Audio per Participant (Realtime)", 2025-06',
  remedy:
    'Every message says whose audio it is: put it by its own `data.data.participant.id`, whatever came before it and over which connection it comes.',
  tier: 'quick',
  rounds: () => [
    [
      {
        scenario: meetingOf(
          PEOPLE.map((person) => ({ ...person, unmuted: [[0, 2.5]] })),
          2.5,
        ),
      },
    ],
  ],
};
