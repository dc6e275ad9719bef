/** Messages that cannot be: each has exactly one defect, which it names. */
import fc from 'fast-check';
import { spoilerArb } from '../check/spoilers.ts';
import { DEFECTS, type Defect } from '../emulator/spoilers.ts';
import { audioSeparateRawArb } from './arbitraries.ts';

/** Messages of which the last has exactly one defect; what comes before is good. */
export interface MalformedMessages {
  readonly defect: Defect;
  /** What is wrong with the last message, in words. */
  readonly description: string;
  readonly messages: readonly string[];
}

/** One labelled defect each. All kinds, or those that are named. */
export function malformedEventArb(defects: readonly Defect[] = DEFECTS): fc.Arbitrary<MalformedMessages> {
  return fc
    .tuple(audioSeparateRawArb(), spoilerArb(defects))
    .map(([good, { defect, description, spoil }]) => ({ defect, description, messages: spoil(good) }));
}
