import type { Case } from '../case.ts';
import { meetingOf, PEOPLE } from '../meeting.ts';
import { rewritten } from '../rewrite.ts';
import type { CaseMeeting } from '../seen.ts';

const COMMON = {
  expects:
    'It is kept by its recording and its participant. Whoever works with bots only can do without: it is a warning.',
  why: 'Recordings that no bot made, such as those of the desktop SDK, have the same messages without a bot.',
  source: "Recall's sample apps (github.com/recallai/sample-apps), 2025-12",
  remedy:
    'Key by `data.recording.id`, which is always there. Take `data.bot` for something that may be null or missing.',
  connections: 'any',
  tier: 'default',
  // All that a bot sends names it.
  weigh: ({ severity }) => (severity === 'error' ? 'warning' : severity),
} as const satisfies Partial<Case>;

export const framesBotNull: Case = {
  ...COMMON,
  id: 'frames.bot_null',
  title: '`bot` is null',
  rounds: () => [
    [
      withoutBot((data) => {
        data.bot = null;
      }),
    ],
  ],
};

export const framesBotAbsent: Case = {
  ...COMMON,
  id: 'frames.bot_absent',
  title: '`bot` is not there',
  rounds: () => [
    [
      withoutBot((data) => {
        delete data.bot;
      }),
    ],
  ],
};

function withoutBot(change: (data: { bot?: unknown }) => void): CaseMeeting {
  return {
    scenario: meetingOf([{ ...PEOPLE[0], unmuted: [[0, 2]] }], 2),
    script: rewritten(({ data }) => change(data)),
    namesNoBot: true,
  };
}
