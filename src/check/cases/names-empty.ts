import type { Case } from '../case.ts';
import { meetingOf, PEOPLE } from '../meeting.ts';

export const namesEmpty: Case = {
  id: 'names.empty',
  title: "somebody's name is empty",
  expects: 'Their audio is kept like that of anybody.',
  why: 'A name is what somebody typed when they joined. Where a platform lets them type nothing or a space, that is it.',
  source: 'Our choice: Recall says only that `name` is text or null',
  remedy:
    'Do not ask a name for being there: `participant.id` alone says whose audio it is, and makes a file name of its own.',
  connections: 'any',
  tier: 'default',
  rounds: () => [
    [
      {
        scenario: meetingOf(
          [
            { ...PEOPLE[0], unmuted: [[0, 0.6]] },
            { id: 200, name: '', unmuted: [[0.7, 1.3]] },
            { id: 300, name: ' ', unmuted: [[1.4, 2]] },
          ],
          2,
        ),
      },
    ],
  ],
};
