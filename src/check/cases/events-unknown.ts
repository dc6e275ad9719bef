import type { Case } from '../case.ts';
import { lateFailures } from '../lines.ts';
import { meetingOf, PEOPLE } from '../meeting.ts';

export const eventsUnknown: Case = {
  id: 'events.unknown',
  title: 'messages come of an event that nobody knows yet',
  expects: 'They are ignored, and the audio around them is kept.',
  why: 'APIs grow: a name that is not in any list today may be sent tomorrow.',
  source: 'Recall has added events between 2025 and 2026, such as `video_separate_h264.data`',
  remedy: 'Ignore what you do not know: neither an exception nor a close is an answer to it.',
  connections: 'any',
  tier: 'default',
  look: lateFailures,
  rounds: () => [
    [
      {
        scenario: meetingOf([{ ...PEOPLE[0], unmuted: [[0, 2]] }], 2),
        faults: ['unknown_event=50%'],
      },
    ],
  ],
};
