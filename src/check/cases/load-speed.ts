import type { Case, CaseLine } from '../case.ts';
import { wireLine } from '../lines.ts';
import { meetingOf, PEOPLE } from '../meeting.ts';
import type { CaseSeen } from '../seen.ts';

const SECONDS = 10;
/** Below it there is no room for a second participant, or for a busy moment. */
const ENOUGH = 2;

export const loadSpeed: Case = {
  id: 'load.speed',
  title: 'one person speaks as fast as the receiver takes it',
  expects: `It takes audio at ${ENOUGH} times real time at least.`,
  why: 'Who can only just keep up with one participant falls behind with the second, and never comes back from a stall.',
  source:
    "Seen in public receivers, that of Recall's quickstart among them: audio is written or transcribed before the next message is read",
  remedy:
    'Find out what is done for each message: open files once, do not wait for the disk or another service before the next read, and pass on larger pieces.',
  connections: 'any',
  tier: 'default',
  looksAt: 'wire',
  rounds: () => [
    [
      {
        scenario: meetingOf([{ ...PEOPLE[0], unmuted: [[0, SECONDS]] }], SECONDS),
        speed: 'max',
        // The answer to our close comes when all before it has been read, also where that is slower than life.
        send: { closeTimeoutSeconds: 2 * SECONDS },
      },
    ],
  ],
  look: speedLines,
};

function speedLines({ meetings }: CaseSeen): CaseLine[] {
  const [meeting] = meetings;
  if (meeting?.report?.ok !== true) return [];
  const { speed } = meeting;
  if (speed < ENOUGH)
    return [
      wireLine(
        'slow',
        `the receiver takes one speaker at ${speed.toFixed(1)} times real time only`,
        'warning',
      ),
    ];
  return [
    wireLine('speed', `the receiver takes one speaker at ${Math.floor(speed)} times real time`, 'note'),
  ];
}
