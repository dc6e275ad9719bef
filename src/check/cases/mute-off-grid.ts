import { SAMPLE_RATE } from '../../protocol/pcm.ts';
import type { Case } from '../case.ts';
import { meetingOf, PEOPLE } from '../meeting.ts';

/** Meeting seconds. Odd samples are on no grid of frames or milliseconds. */
const at = (sample: number): number => sample / SAMPLE_RATE;
const FRAME_SAMPLES = SAMPLE_RATE / 10;

export const muteOffGrid: Case = {
  id: 'mute.off_grid',
  title: 'somebody is unmuted at times that are no whole frames or milliseconds',
  expects: 'The silence of the mute is as long as it was, to a millisecond, or left out.',
  why: 'People unmute at any moment: a stretch begins at any sample, and its timestamps are such as 0.3050625.',
  source:
    'Recall, "How to get Separate Audio per Participant (Realtime)", 2025-06: `timestamp` is of the first byte of the buffer',
  remedy:
    'Take `Math.round(relative * 16000)` for the position of the first sample. Do not round to frames, and do not count messages.',
  tier: 'default',
  rounds: () => [
    [
      {
        scenario: meetingOf(
          [
            {
              ...PEOPLE[0],
              unmuted: [
                [at(4_881), at(4_881 + 9 * FRAME_SAMPLES)],
                [at(30_147), at(30_147 + 10 * FRAME_SAMPLES)],
              ],
            },
          ],
          3,
        ),
      },
    ],
  ],
};
