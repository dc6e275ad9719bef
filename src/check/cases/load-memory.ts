import type { Case, CaseLine } from '../case.ts';
import { wireLine } from '../lines.ts';
import { meetingOf } from '../meeting.ts';
import type { CaseMeeting, CaseSeen } from '../seen.ts';

const ROUNDS = 12;
/** A runtime takes its memory in the first meetings. */
const WARM_UP = 4;
/** What is kept for ever of a meeting is at least its audio, a little more than half of what its messages have. */
const KEPT_PART = 0.4;
const MIB = 1024 ** 2;

export const loadMemory: Case = {
  id: 'load.memory',
  title: `${ROUNDS} meetings come one after the other, and each ends`,
  expects: 'What the process takes does not grow with each meeting.',
  why: 'A receiver runs for weeks. What it keeps of every meeting, and never lets go, ends it some night.',
  source: 'Seen in public receivers: buffers by recording that nobody deletes',
  remedy:
    'Write audio to disk, or pass it on, as it comes. Let go of what you keep by recording or participant some time after the last connection with it has closed.',
  connections: 'any',
  tier: 'default',
  looksAt: 'process',
  rounds: () => Array.from({ length: ROUNDS }, () => [talk()]),
  look: growth,
  missed: unmeasured,
};

/** About 1.6 MB in messages. */
function talk(): CaseMeeting {
  return {
    scenario: meetingOf(
      Array.from({ length: 8 }, (_, index) => ({
        id: 100 + index,
        name: `Speaker ${index + 1}`,
        unmuted: [[0, 4] as const],
      })),
      4,
    ),
    speed: 'max',
    send: { closeTimeoutSeconds: 10 },
  };
}

/** What the process took when each meeting was over. */
function measures({ meetings, process = [] }: CaseSeen): number[] {
  return meetings.flatMap((_, index) => {
    const sample = process.find(({ roundsOver }) => roundsOver === index + 1);
    return sample === undefined ? [] : [sample.rssBytes];
  });
}

function unmeasured(seen: CaseSeen): string | undefined {
  return seen.process === undefined || measures(seen).length === ROUNDS
    ? undefined
    : "what the receiver's process takes: the system did not tell each time";
}

function growth(seen: CaseSeen): CaseLine[] {
  const bytes = measures(seen).slice(WARM_UP);
  // Of a receiver that takes little of what it is sent, what it takes says nothing of what it keeps.
  const isTaken = seen.meetings.every(({ report }) => report?.dropped.total === 0);
  if (bytes.length < ROUNDS - WARM_UP || !isTaken) return [];
  const perMeeting = slopeOf(bytes);
  const { connections } = seen.meetings[0]!.session!.ledger;
  const sent = connections.reduce((sum, { bytesWritten }) => sum + bytesWritten, 0);
  const [from, to] = [bytes[0]!, bytes.at(-1)!].map((each) => (each / MIB).toFixed(0));
  if (perMeeting > sent * KEPT_PART) {
    const text = `the process grows by ${mib(perMeeting)} with each meeting, of which ${mib(sent)} were sent: from ${from} to ${to} MiB in ${bytes.length} meetings`;
    return [wireLine('grows', text)];
  }
  const text = `the process took ${from} MiB after ${WARM_UP + 1} meetings, and ${to} MiB after ${ROUNDS}`;
  return [wireLine('memory', text, 'note')];
}

function mib(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)} MiB`;
}

/**
 * By how much it grows each time, steadily. The median of the slopes between any two (Theil and Sen) passes over what a garbage
 * collector does now and then, and the median over two meetings each passes over a single step.
 */
function slopeOf(values: readonly number[]): number {
  const slopes = values.flatMap((later, index) =>
    values.slice(0, index).map((earlier, before) => (later - earlier) / (index - before)),
  );
  const short = values.slice(2).map((later, index) => (later - values[index]!) / 2);
  return Math.min(median(slopes), median(short));
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
