import type { Case } from '../case.ts';
import { meetingOf } from '../meeting.ts';

export const connectionsTwoBots: Case = {
  id: 'connections.two_bots',
  title: 'two bots in two meetings stream at once, and their participants have the same ids',
  expects: 'Each recording has its own audio, and nothing of the other.',
  why: 'An app has more than one call at a time. Participant ids are unique in their meeting only, and often 100, 200, 300 in all of them.',
  source: "Recall's sample apps (github.com/recallai/sample-apps), 2025-12: ids are 100, 200, 300",
  remedy:
    'Key by `data.recording.id` and `data.data.participant.id` together, never by the participant alone.',
  tier: 'quick',
  rounds: () => [
    [
      {
        scenario: meetingOf(
          [
            { id: 100, name: 'Ada Moreno', unmuted: [[0, 2.2]] },
            { id: 200, name: 'Ben Okafor', unmuted: [[0.4, 2.4]] },
          ],
          2.5,
        ),
      },
      {
        scenario: meetingOf(
          [
            { id: 100, name: 'Eve Castro', unmuted: [[0.2, 2.4]] },
            { id: 200, name: 'Finn Weber', unmuted: [[0.1, 1.9]] },
          ],
          2.5,
        ),
      },
    ],
  ],
};
