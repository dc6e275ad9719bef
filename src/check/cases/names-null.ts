import type { Case } from '../case.ts';
import { meetingOf, PEOPLE } from '../meeting.ts';

export const namesNull: Case = {
  id: 'names.null',
  title: 'somebody has no name: `name` is null',
  expects: 'Their audio is kept like that of anybody.',
  why: 'A platform may have no name to give, perhaps for people who dial in by telephone: Recall does not say when.',
  source: 'Recall, "How to get Separate Audio per Participant (Realtime)", 2025-06: `name` is text or null',
  remedy:
    'Take `data.data.participant.name` for something that may be null, and call whoever has none by their id. In typed languages the field is optional.',
  connections: 'any',
  tier: 'quick',
  rounds: () => [
    [
      {
        scenario: meetingOf(
          [
            { ...PEOPLE[0], unmuted: [[0, 0.9]] },
            { id: 200, name: null, platform: 'dial-in', unmuted: [[1, 2]] },
          ],
          2,
        ),
      },
    ],
  ],
};
