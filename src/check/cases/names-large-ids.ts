import type { Case } from '../case.ts';
import { meetingOf } from '../meeting.ts';

/** The largest signed 32-bit number. */
const MAX_INT32 = 2_147_483_647;

export const namesLargeIds: Case = {
  id: 'names.large_ids',
  title: 'participant ids of 2147483647 and above',
  expects: 'Each of them has audio of their own, under the id that was sent.',
  why: 'Ids are integers, and no range is promised. As signed 32-bit numbers they end at 2147483647, which some receivers filter out.',
  source:
    'Recall, "How to get Separate Audio per Participant (Realtime)", 2025-06: `id` is an integer; seen in public receivers: a filter on 2147483647',
  remedy: 'Take ids as 64-bit integers or as text, and let no id mean something of its own.',
  connections: 'any',
  tier: 'quick',
  rounds: () => [
    [
      {
        scenario: meetingOf(
          [
            { id: MAX_INT32, name: 'Ada Moreno', unmuted: [[0, 0.6]] },
            { id: MAX_INT32 + 1, name: 'Ben Okafor', unmuted: [[0.7, 1.3]] },
            { id: 3_000_000_100, name: 'Chloe Dupont', unmuted: [[1.4, 2]] },
          ],
          2,
        ),
      },
    ],
  ],
};
