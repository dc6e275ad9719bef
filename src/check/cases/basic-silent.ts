import type { Case } from '../case.ts';
import { meetingOf, PEOPLE } from '../meeting.ts';

/** In which somebody is unmuted and says nothing. Meeting seconds. */
const SILENT = { from: 0.9, to: 2.1 } as const;

export const basicSilent: Case = {
  id: 'basic.silent',
  title: 'somebody is unmuted and silent for a while',
  expects: 'What is said before and after is kept. Leaving out the near-silence between is worth a warning.',
  why: 'An open microphone sends the noise of the room while nobody speaks into it.',
  source:
    'Seen in public receivers: who is unmuted and silent streams near-silence, who is muted sends nothing',
  remedy:
    'Keep what is quiet as you keep what is loud. If your voice detection leaves it out, let it end a phrase, never the participant.',
  tier: 'default',
  rounds: () => [
    [
      {
        scenario: meetingOf(
          [
            {
              ...PEOPLE[0],
              unmuted: [[0.3, 2.7, 'silent']],
              does: (ada) =>
                ada
                  .speak(0.3, { duration: SILENT.from - 0.3 })
                  .speak(SILENT.to, { duration: 2.7 - SILENT.to }),
            },
          ],
          2.7,
        ),
      },
    ],
  ],
  // A voice detection may be meant: what it leaves out is no speech.
  weigh: ({ code, severity, fromSeconds, toSeconds }) =>
    (code === 'missing' || code === 'damaged') &&
    (fromSeconds ?? 0) >= SILENT.from &&
    (toSeconds ?? 0) <= SILENT.to
      ? 'warning'
      : severity,
};
