import type { Case } from '../case.ts';
import { meetingOf } from '../meeting.ts';

export const namesEmail: Case = {
  id: 'names.email',
  title: 'participants with an email address, with null, and without the field',
  expects: 'Each of them has audio of their own.',
  why: 'The newer documentation has `email` in participants and the older has not; it is null for whoever is not known.',
  source: 'Recall, "Real-Time Event Payloads", late 2025 to 2026',
  remedy: 'Take `data.data.participant.email` for something that may be text, null or missing.',
  connections: 'any',
  tier: 'default',
  rounds: () => [
    [
      {
        scenario: meetingOf(
          [
            { id: 100, name: 'Ada Moreno', email: 'ada@example.com', unmuted: [[0, 0.6]] },
            { id: 200, name: 'Ben Okafor', email: null, unmuted: [[0.7, 1.3]] },
            { id: 300, name: 'Chloe Dupont', unmuted: [[1.4, 2]] },
          ],
          2,
        ),
      },
    ],
  ],
};
