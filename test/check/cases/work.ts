/** How the tests of cases play many of them at a time. */
import type { Case } from '../../../src/check/case.ts';
import type { Outcome } from '../../../src/check/verdict.ts';

/** A busy machine must not miss what happens at a moment: these are played in real time, and many of them at once. */
const OF_MOMENTS =
  /^connections\.(one_per|lost|replaced|ping_answered)|^network\.(half_open|reset)|^load\.fifty/;

/** So many are played at a time. */
const LANES = { fast: 4, real: 12 };

export function isOfMoments({ id }: Case): boolean {
  return OF_MOMENTS.test(id);
}

/** What has not come about on a machine that is too busy is told of no receiver. */
export function isTold(verdict: Outcome['verdict']): boolean {
  return verdict === 'fail' || verdict === 'warn';
}

/** A case to be played, and how fast. */
export interface Work {
  readonly what: Case;
}

/** Plays everything: what is `fast`, and beside it what waits most of the time. */
export async function inLanes<Each extends Work>(
  work: readonly Each[],
  play: (each: Each) => Promise<void>,
  isReal: (each: Each) => boolean = ({ what }) => isOfMoments(what),
): Promise<void> {
  const lanes = async (left: Each[], count: number): Promise<void> => {
    const lane = async (): Promise<void> => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) await play(next);
    };
    await Promise.all(Array.from({ length: count }, lane));
  };
  await Promise.all([
    lanes(work.filter(isReal), LANES.real),
    lanes(
      work.filter((each) => !isReal(each)),
      LANES.fast,
    ),
  ]);
}
