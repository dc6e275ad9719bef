import type { Case } from '../case.ts';
import { meetingOf, PEOPLE } from '../meeting.ts';
import type { CaseMeeting } from '../seen.ts';

const COMMON = {
  expects: 'What is said after the silence is kept, in the files that were begun before it.',
  source:
    'Recall, "Real-Time Endpoints", read 2026-09: one connection until the call ends; the same documentation tells receivers to send a ping every 30 s',
  remedy:
    'Do not take silence for the end: with one connection for all, nothing comes while everybody is muted. Switch off idle timeouts, or send a ping every 30 s so that proxies keep the connection.',
  // Idle timeouts are told in seconds of real time.
  pace: 'real',
} as const satisfies Partial<Case>;

export const muteAll: Case = {
  ...COMMON,
  id: 'mute.all_muted',
  title: 'everybody is muted for ten seconds, and nothing comes over the one connection',
  why: 'All mute to listen to a recording, to read, or to wait. Proxies and servers close connections that are silent.',
  // Where each participant has a connection, a mute closes it: there is none to be idle.
  connections: ['per-endpoint'],
  tier: 'default',
  rounds: () => [[allMuted(10)]],
};

export const muteAllForAMinute: Case = {
  ...COMMON,
  id: 'mute.all_muted_for_a_minute',
  title: 'everybody is muted for a minute',
  why: 'Idle timeouts of 60 s are common (nginx and the load balancers of AWS have them by default), and receivers that end a recording when its last connection has closed wait for some time.',
  tier: 'full',
  rounds: () => [[allMuted(61)]],
};

function allMuted(seconds: number): CaseMeeting {
  const back = 1 + seconds;
  const end = back + 0.8;
  return {
    scenario: meetingOf(
      [
        {
          ...PEOPLE[0],
          unmuted: [
            [0, 0.9],
            [back, end],
          ],
        },
        { ...PEOPLE[1], unmuted: [[0.3, 1]] },
      ],
      end,
    ),
  };
}
