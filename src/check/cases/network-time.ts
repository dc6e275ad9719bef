import type { Case } from '../case.ts';
import { meetingOf, PEOPLE } from '../meeting.ts';
import type { CaseMeeting } from '../seen.ts';

const COMMON = {
  expects: 'All of it is kept, each sample at the place that its timestamp says.',
  remedy:
    'Take time from `data.data.timestamp.relative`, never from the clock at arrival. Do not fill in silence, and give nobody up, because nothing came for a second or two.',
  connections: 'any',
  tier: 'default',
  // Whoever takes time from arrival does so in seconds of real time.
  pace: 'real',
} as const satisfies Partial<Case>;

export const networkLatency: Case = {
  ...COMMON,
  id: 'network.latency',
  title: 'messages come late, now more and now less',
  why: 'A way through the internet takes some time, and not always the same.',
  source: 'Every network; our emulation is the fault `latency`',
  rounds: () => [[late('latency=350ms±150ms@0.8s')]],
};

export const networkStall: Case = {
  ...COMMON,
  id: 'network.stall',
  title: 'nothing comes for a second, and then all of it at once',
  why: 'A network hangs and comes back, or a sender was busy.',
  source: 'RFC 9293 §2.2: TCP sends again what was lost, and keeps the order, so that what follows waits',
  rounds: () => [[late('stall@0.9s-1.9s')]],
};

function late(fault: string): CaseMeeting {
  return {
    scenario: meetingOf(
      [
        { ...PEOPLE[0], unmuted: [[0, 2.4]] },
        { ...PEOPLE[1], unmuted: [[0.3, 2.2]] },
      ],
      2.5,
    ),
    faults: [fault],
  };
}
