import type { Case } from '../case.ts';
import { meetingOf, PEOPLE } from '../meeting.ts';

export const framesUnknownFields: Case = {
  id: 'frames.unknown_fields',
  title: 'messages have fields that nobody knows yet, on every level',
  expects: 'They are kept as if these fields were not there.',
  why: 'An API grows: `email` came into participants after the first receivers were written.',
  source: 'Recall, "Real-Time Event Payloads", 2025-06 and late 2025 to 2026: the newer page has more fields',
  remedy:
    'Let your schemas pass what they do not know: `.passthrough()` in zod, `extra="ignore"` in pydantic, no `DisallowUnknownFields` in Go.',
  connections: 'any',
  tier: 'quick',
  rounds: () => [
    [
      {
        scenario: meetingOf([{ ...PEOPLE[0], unmuted: [[0, 2]] }], 2),
        faults: ['unknown_fields'],
      },
    ],
  ],
};
