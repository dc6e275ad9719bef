import type { Case } from '../case.ts';
import { meetingOf } from '../meeting.ts';

export const namesBackNewId: Case = {
  id: 'names.back_new_id',
  title: 'somebody leaves, and comes back with a new id and the same name',
  expects: 'Each id has audio of its own, as of two people.',
  why: 'Whoever comes back may get a new id. Nothing says that it is the same person: two people may have that name.',
  source:
    'Recall, "Meeting Participants & Events", late 2025 to 2026: whoever comes back leaves and joins with the same id, or is a new participant',
  remedy:
    'Key by `data.data.participant.id`. Join two ids to one person later, if at all, where a human can say no.',
  tier: 'default',
  rounds: () => [
    [
      {
        scenario: meetingOf(
          [
            { id: 100, name: 'Ada Moreno', unmuted: [[0.2, 1.2]], does: (ada) => ada.leave(1.2) },
            { id: 101, name: 'Ada Moreno', unmuted: [[1.8, 2.8]], does: (ada) => ada.join(1.6) },
          ],
          3,
        ),
      },
    ],
  ],
};
