import type { Case } from '../case.ts';
import { meetingOf, PEOPLE } from '../meeting.ts';

export const framesNulls: Case = {
  id: 'frames.nulls',
  title: '`is_host`, `extra_data` and `platform` are null',
  expects: 'It is kept as if they were set.',
  why: 'Where a platform does not say, the field is null.',
  source:
    'Recall, "Download Schemas", 2026, for `is_host` and `extra_data`; "How to get Separate Audio per Participant (Realtime)", 2025-06, for `platform`',
  remedy:
    'Take them for something that may be null, and read nothing within `extra_data` without asking whether it is there.',
  connections: 'any',
  tier: 'default',
  rounds: () => [
    [
      {
        scenario: meetingOf(
          [{ ...PEOPLE[0], is_host: null, extra_data: null, platform: null, unmuted: [[0, 2]] }],
          2,
        ),
      },
    ],
  ],
};
