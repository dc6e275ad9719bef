/** Of the stretches of one participant in a file: which stand in order, and which are there again or out of place. */
import type { Run } from './locate.ts';

export type SentRun = Extract<Run, { kind: 'sent' }>;

/** Stretches further back are not looked at: interleaved audio has tens of thousands. */
const LOOK_BACK = 300;

/** The stretches that in order cover most of what was sent, and the others; both in order of the file. */
export function chainOf(runs: readonly SentRun[]): { readonly chain: SentRun[]; readonly others: SentRun[] } {
  const covered = new Float64Array(runs.length);
  const before = new Int32Array(runs.length).fill(-1);
  for (const [index, run] of runs.entries()) {
    covered[index] = run.length;
    for (let other = index - 1; other >= Math.max(0, index - LOOK_BACK); other--) {
      const overlap = Math.max(0, endOf(runs[other]!) - run.from);
      // A stretch may repeat the end of the one before it, if it also goes on.
      if (runs[other]!.from > run.from || overlap >= run.length) continue;
      const sum = covered[other]! + run.length - overlap;
      if (sum <= covered[index]!) continue;
      covered[index] = sum;
      before[index] = other;
    }
  }
  const inChain = new Set<number>();
  for (let index = covered.indexOf(Math.max(...maxOf(covered))); index >= 0; index = before[index]!)
    inChain.add(index);
  return {
    chain: runs.filter((_, index) => inChain.has(index)),
    others: runs.filter((_, index) => !inChain.has(index)),
  };
}

/** As a list of at most one: a spread of all would be too long for a call. */
function maxOf(values: Float64Array): number[] {
  return values.length === 0 ? [] : [values.reduce((most, value) => Math.max(most, value))];
}

/** Where it ends in what was sent. */
export function endOf(run: SentRun): number {
  return run.from + run.length;
}
