import type { Case } from '../case.ts';
import { meetingOf, PEOPLE } from '../meeting.ts';

const [ada, ben, chloe] = PEOPLE;

export const basicMutedFromStart: Case = {
  id: 'basic.muted_from_start',
  title: 'two people are muted when the recording starts: one is unmuted later, the other never',
  expects:
    'Whoever is unmuted later is kept from then on. Of whoever never is, there is no file, or an empty or silent one.',
  why: 'Most people come into a call muted. Nothing is sent of them, and no connection is made, before they unmute.',
  source: 'Recall, "How to get Separate Audio per Participant (Realtime)", 2025-06',
  remedy:
    'Begin what you keep of a participant with their first message, whenever it comes: expect nobody, and take everybody.',
  tier: 'default',
  rounds: () => [
    [
      {
        scenario: meetingOf(
          [
            { ...ada, unmuted: [[0, 1.9]] },
            { ...ben, unmuted: [] },
            { ...chloe, unmuted: [[2.1, 3]] },
          ],
          3,
        ),
      },
    ],
  ],
};
