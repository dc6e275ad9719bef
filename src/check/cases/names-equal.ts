import type { Case } from '../case.ts';
import { meetingOf } from '../meeting.ts';

export const namesEqual: Case = {
  id: 'names.equal',
  title: 'two people have the same name',
  expects: 'Each of them has audio of their own.',
  why: 'Names are what people typed when they joined: two "Alex" or two "iPhone" are common.',
  source:
    "Recall's sample apps (github.com/recallai/sample-apps), 2025-12: ids are unique in a meeting; of names nothing says so",
  remedy: 'Key by `data.data.participant.id` within a recording, never by `name`.',
  tier: 'quick',
  rounds: () => [
    [
      {
        scenario: meetingOf(
          [
            { id: 100, name: 'Alex', unmuted: [[0, 3]] },
            { id: 200, name: 'Alex', unmuted: [[0.7, 3]] },
          ],
          3,
        ),
      },
    ],
  ],
};
