/** Random defects of messages. */
import fc from 'fast-check';
import { type Defect, SPOILED_PATHS, type Spoiler, spoilerOf } from '../emulator/spoilers.ts';

/** One of these defects, in one of its places. */
export function spoilerArb(defects: readonly Defect[]): fc.Arbitrary<Spoiler> {
  return fc
    .record({
      defect: fc.constantFrom(...defects),
      path: fc.constantFrom(...SPOILED_PATHS),
      wrong: fc.constantFrom<unknown>(7, true, [], 'text'),
    })
    .map(({ defect, path, wrong }) => spoilerOf(defect, path, wrong));
}
