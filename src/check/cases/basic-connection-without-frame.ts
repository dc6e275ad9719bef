import type { Case } from '../case.ts';
import { meetingOf, PEOPLE } from '../meeting.ts';

export const basicConnectionWithoutFrame: Case = {
  id: 'basic.connection_without_frame',
  title: 'a connection opens and closes, and nothing comes over it',
  expects: 'What was kept before stays as it is, and what comes later is kept as well.',
  why: 'Whoever unmutes and mutes again at once has a connection and no audio; with one connection for all, a meeting of muted people has.',
  source:
    'Recall, "How to get Separate Audio per Participant (Realtime)", 2025-06: a connection is made on unmute and closed on mute',
  remedy:
    'Do nothing at an opening: a connection says who it is about only with its first message. Let its close work when there was none.',
  tier: 'default',
  rounds: ({ connections }) => [
    [
      {
        scenario:
          connections === 'per-participant'
            ? meetingOf(
                [
                  {
                    ...PEOPLE[0],
                    silence: 'gap',
                    unmuted: [
                      [0, 1],
                      [1.3, 1.6, 'silent'],
                      [2, 2.8],
                    ],
                  },
                ],
                3,
              )
            : meetingOf([{ ...PEOPLE[0], unmuted: [] }], 1.5),
      },
    ],
  ],
};
