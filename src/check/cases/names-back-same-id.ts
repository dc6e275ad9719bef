import type { Case } from '../case.ts';
import { meetingOf, PEOPLE } from '../meeting.ts';

export const namesBackSameId: Case = {
  id: 'names.back_same_id',
  title: 'somebody leaves, and comes back with the same id',
  expects: 'Both stays are in one file, in order.',
  why: 'Connections drop, and people come back. They may keep their id; the participant events tell both.',
  source:
    'Recall, "Meeting Participants & Events", late 2025 to 2026: whoever comes back leaves and joins with the same id, or is a new participant',
  remedy:
    'Let `participant_events.leave` end nothing that you keep: go on with the file when audio of the same id comes again.',
  tier: 'default',
  rounds: () => [
    [
      {
        scenario: meetingOf(
          [
            {
              ...PEOPLE[0],
              unmuted: [
                [0.2, 1.2],
                [1.8, 2.8],
              ],
              does: (ada) => ada.join(0).leave(1.2).join(1.6),
            },
          ],
          3,
        ),
        events: ['participant_events.join', 'participant_events.leave'],
      },
    ],
  ],
};
