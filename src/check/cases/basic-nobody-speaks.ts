import type { Case } from '../case.ts';
import { meetingOf, PEOPLE } from '../meeting.ts';

/** What may become of near-silence that nobody will listen to. */
const FINE = ['missing', 'no_file', 'empty', 'silent'];

export const basicNobodySpeaks: Case = {
  id: 'basic.nobody_speaks',
  title: 'a meeting in which nobody ever speaks: one is unmuted and silent, one is muted',
  expects:
    'No file, an empty one, a silent one, or the near-silence that was sent. Nothing breaks, and nothing else is kept.',
  why: 'Bots are sent to meetings to which nobody comes, and to those in which all wait for somebody.',
  source:
    'Seen in public receivers: who is unmuted and silent streams near-silence, who is muted sends nothing',
  remedy:
    'Let the end of a meeting work without speech: do not divide by its loudness or its length, and do not ask for a first phrase.',
  tier: 'default',
  rounds: () => [
    [
      {
        scenario: meetingOf(
          [
            { ...PEOPLE[0], unmuted: [[0.2, 1.6, 'silent']] },
            { ...PEOPLE[1], unmuted: [] },
          ],
          2,
        ),
      },
    ],
  ],
  weigh: ({ code, severity }) => (FINE.includes(code) ? 'note' : severity),
};
