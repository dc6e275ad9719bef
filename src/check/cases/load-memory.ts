import type { Case, CaseLine } from '../case.ts';
import { wireLine } from '../lines.ts';
import { meetingOf } from '../meeting.ts';
import type { CaseMeeting, CaseSeen } from '../seen.ts';

const ROUNDS = 12;
/**
 * Of all attempts: a hundred MiB of messages. Node was seen to put off the collection of some 80 MiB, which takes as long to become that
 * much again: it shows in one half of these meetings at least.
 */
const CERTAIN_ROUNDS = 3 * ROUNDS;
/** A runtime takes its memory in the first meetings. */
const WARM_UP = 4;
const SECONDS = 8;
/**
 * What is kept for ever of a meeting is its audio, two thirds of what its messages have. Less than that was seen of a runtime that has
 * much memory, and puts off its collections over all of these meetings.
 */
const KEPT_PART = 0.55;
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

/** About 3 MB in messages. */
function talk(): CaseMeeting {
  return {
    scenario: meetingOf(
      Array.from({ length: 8 }, (_, index) => ({
        id: 100 + index,
        name: `Speaker ${index + 1}`,
        unmuted: [[0, SECONDS] as const],
      })),
      SECONDS,
    ),
    speed: 'max',
    send: { closeTimeoutSeconds: 10 },
  };
}

interface Measured {
  /** What the process took when each meeting was over, after the first ones. */
  readonly bytes: readonly number[];
  /** How many meetings there were. */
  readonly rounds: number;
  readonly perMeeting: number;
  readonly sentPerMeeting: number;
  /** More than what is sent and not kept could explain. */
  readonly grows: boolean;
}

/** Undefined where it was not measured each time. */
function measured({ meetings, process = [] }: CaseSeen): Measured | undefined {
  const rounds = Math.max(ROUNDS, process.at(-1)?.roundsOver ?? 0);
  const all = Array.from({ length: rounds }, (_, index) =>
    process.find(({ roundsOver }) => roundsOver === index + 1),
  );
  if (all.includes(undefined)) return undefined;
  const bytes = all.slice(WARM_UP).map((sample) => sample!.rssBytes);
  const connections = meetings[0]?.session?.ledger.connections ?? [];
  const sentPerMeeting = connections.reduce((sum, { bytesWritten }) => sum + bytesWritten, 0);
  const perMeeting = slopeOf(bytes);
  return { bytes, rounds, perMeeting, sentPerMeeting, grows: perMeeting > sentPerMeeting * KEPT_PART };
}

/** Of a receiver that takes little of what it is sent, what it takes says nothing of what it keeps. */
function isTaken({ meetings }: CaseSeen): boolean {
  return meetings.every(({ report }) => report?.dropped.total === 0);
}

function unmeasured(seen: CaseSeen): string | undefined {
  if (seen.process === undefined || seen.meetings.length === 0) return undefined;
  const found = measured(seen);
  if (found === undefined) return "what the receiver's process takes: the system did not tell each time";
  const { grows, rounds, perMeeting } = found;
  if (!grows || rounds >= CERTAIN_ROUNDS || !isTaken(seen)) return undefined;
  return `whether the process keeps what it is sent: it grew by ${mib(perMeeting)} with each of ${rounds} meetings, which may be garbage that is not collected yet`;
}

function growth(seen: CaseSeen): CaseLine[] {
  const found = measured(seen);
  if (found === undefined || !isTaken(seen)) return [];
  const { bytes, rounds, perMeeting, sentPerMeeting, grows } = found;
  if (grows && rounds < CERTAIN_ROUNDS) return [];
  const [from, to] = [bytes[0]!, bytes.at(-1)!].map((each) => (each / MIB).toFixed(0));
  if (grows) {
    const text = `the process grows by ${mib(perMeeting)} with each meeting, of which ${mib(sentPerMeeting)} were sent: from ${from} to ${to} MiB in ${bytes.length} meetings`;
    return [wireLine('grows', text)];
  }
  const text = `the process took ${from} MiB after ${WARM_UP + 1} meetings, and ${to} MiB after ${rounds}`;
  return [wireLine('memory', text, 'note')];
}

function mib(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)} MiB`;
}

/**
 * By how much it grows each time, steadily: what is kept for ever shows in all three. The median of the slopes between any two (Theil
 * and Sen) passes over what a garbage collector does now and then, the median over two meetings each passes over a single step, and
 * the floor passes over garbage that is collected late: that rises, and falls again.
 */
function slopeOf(values: readonly number[]): number {
  const slopes = values.flatMap((later, index) =>
    values.slice(0, index).map((earlier, before) => (later - earlier) / (index - before)),
  );
  const short = values.slice(2).map((later, index) => (later - values[index]!) / 2);
  return Math.min(median(slopes), median(short), floorSlopeOf(values));
}

/** From the least of the first half to the least of the last. */
function floorSlopeOf(values: readonly number[]): number {
  const half = Math.floor(values.length / 2);
  const [first, last] = [values.slice(0, half), values.slice(-half)];
  return (Math.min(...last) - Math.min(...first)) / (values.length - half);
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
