import type { Case } from '../case.ts';
import { meetingOf, PEOPLE } from '../meeting.ts';

const TOGGLES = 10;

export const muteTenToggles: Case = {
  id: 'mute.ten_toggles',
  title: 'somebody unmutes and mutes ten times in ten seconds',
  expects: 'All ten stretches are in one file, in order, each once.',
  why: 'Keyboards have a key to push and talk. Each unmute opens a connection of its own, and the one before may still be closing.',
  source:
    'Recall, "How to get Separate Audio per Participant (Realtime)", 2025-06: a connection for each unmute',
  remedy:
    'Do not count connections, and free what belongs to one when it closes. What you keep belongs to the participant, not to a connection.',
  tier: 'default',
  rounds: () => [
    [
      {
        scenario: meetingOf(
          [
            {
              ...PEOPLE[0],
              unmuted: Array.from({ length: TOGGLES }, (_, second) => [second, second + 0.5] as const),
            },
          ],
          TOGGLES,
        ),
      },
    ],
  ],
};
