import type { Case } from '../case.ts';
import { meetingOf } from '../meeting.ts';

export const namesUnsafe: Case = {
  id: 'names.unsafe',
  title: 'names that are dangerous as file names: ../../etc/passwd, a/b, CON',
  expects: 'Each of them has audio of their own, where all other audio is.',
  why: 'Anybody can join a call under any name. A name in a path writes where its owner wants.',
  source: 'Our choice: names are free text on every platform',
  remedy:
    'Make paths of `recording.id` and `participant.id` alone, and keep the name beside the audio, as data.',
  connections: 'any',
  tier: 'default',
  rounds: () => [
    [
      {
        scenario: meetingOf(
          [
            { id: 100, name: '../../etc/passwd', unmuted: [[0, 0.6]] },
            { id: 200, name: 'a/b', unmuted: [[0.7, 1.3]] },
            { id: 300, name: 'CON', unmuted: [[1.4, 2]] },
          ],
          2,
        ),
      },
    ],
  ],
};
