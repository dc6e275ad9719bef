/** Where two recordings differ first, told so that a person sees what happened. */
import { SAMPLE_RATE } from '../protocol/pcm.ts';

export interface DifferenceOptions {
  /** The largest difference between two samples that is none; default 0. */
  readonly maxDiff?: number | undefined;
  /** Whether the shorter one may be followed by silence in the longer. */
  readonly trailingSilence?: boolean | undefined;
}

export interface Difference {
  readonly sample: number;
  /** Some lines. */
  readonly text: string;
}

const CONTEXT = 4;

/** Undefined when they are the same. */
export function firstDifference(
  expected: Int16Array,
  actual: Int16Array,
  options: DifferenceOptions = {},
): Difference | undefined {
  const { maxDiff = 0, trailingSilence = false } = options;
  const end = trailingSilence
    ? Math.max(expected.length, actual.length)
    : Math.min(expected.length, actual.length);
  for (let at = 0; at < end; at++) {
    if (Math.abs((expected[at] ?? 0) - (actual[at] ?? 0)) <= maxDiff) continue;
    const values = `expected ${expected[at] ?? 0}, got ${actual[at] ?? 'nothing'}`;
    return {
      sample: at,
      text: `differs at ${seconds(at)} (sample ${at}): ${values}\n${contextOf(expected, actual, at)}`,
    };
  }
  if (trailingSilence || expected.length === actual.length) return undefined;
  return {
    sample: end,
    text: `is ${actual.length} samples (${seconds(actual.length)}) long instead of ${expected.length} (${seconds(expected.length)}); the first ${end} are the same`,
  };
}

function contextOf(expected: Int16Array, actual: Int16Array, at: number): string {
  const from = Math.max(0, at - CONTEXT);
  const line = (pcm: Int16Array): string =>
    Array.from({ length: 2 * CONTEXT }, (_, index) => String(pcm[from + index] ?? '-').padStart(7)).join('');
  return `expected${line(expected)}\ngot     ${line(actual)}`;
}

function seconds(sample: number): string {
  return `${(sample / SAMPLE_RATE).toFixed(4)} s`;
}
