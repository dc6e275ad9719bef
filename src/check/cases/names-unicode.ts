import type { Case } from '../case.ts';
import { meetingOf } from '../meeting.ts';

export const namesUnicode: Case = {
  id: 'names.unicode',
  title: 'names in other scripts, from right to left, and with emoji',
  expects: 'Each of them has audio of their own.',
  why: 'Names come as people write them. Cleaned of all that is not ASCII, these three are the same: nothing.',
  source: 'Our choice: names are free text on every platform',
  remedy:
    'Make file names of ids. Where you need the name, read messages as UTF-8, store it in columns that hold all of Unicode, and expect nothing to be left of it after cleaning.',
  connections: 'any',
  tier: 'default',
  rounds: () => [
    [
      {
        scenario: meetingOf(
          [
            { id: 100, name: '山田 太郎', unmuted: [[0, 0.6]] },
            { id: 200, name: 'مريم الخطيب', unmuted: [[0.7, 1.3]] },
            { id: 300, name: '🎧👩🏽‍💻', unmuted: [[1.4, 2]] },
          ],
          2,
        ),
      },
    ],
  ],
};
