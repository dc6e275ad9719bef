import type { Case } from '../case.ts';
import { meetingOf, PEOPLE } from '../meeting.ts';

const CHARACTERS = 1_000;

export const namesLong: Case = {
  id: 'names.long',
  title: "somebody's name has a thousand characters",
  expects: 'Their audio is kept like that of anybody.',
  why: 'No length is promised. File names end at 255 bytes on Linux, and columns of databases where somebody has set a limit.',
  source: 'Our choice: Recall gives no limit',
  remedy: 'Make file names of ids, and cut names where you store them.',
  connections: 'any',
  tier: 'default',
  rounds: () => [
    [
      {
        scenario: meetingOf(
          [
            { ...PEOPLE[0], unmuted: [[0, 0.9]] },
            { id: 200, name: 'Maximiliane '.repeat(CHARACTERS).slice(0, CHARACTERS), unmuted: [[1, 2]] },
          ],
          2,
        ),
      },
    ],
  ],
};
