/** Before a part of all messages comes one that is not valid: a copy of it with exactly one defect. */
import { z } from 'zod';
import { DEFECTS, SPOILED_PATHS, spoilerOf } from '../spoilers.ts';
import { audioMessageOf, injectedText } from './audio-message.ts';
import { faultKind } from './fault.ts';
import { share } from './units.ts';

/** What one message can have; the wrong order needs two, and is the fault `swapped`. */
const SINGLE_DEFECTS = DEFECTS.filter((defect) => defect !== 'wrong_order');

/** What may stand in the place of a field of another type. */
const WRONG_VALUES: readonly unknown[] = [7, true, [], 'text'];

export const malformed = faultKind({
  name: 'malformed',
  summary: 'before a part of all messages comes one that is not valid',
  options: z.strictObject({
    defect: z
      .enum(SINGLE_DEFECTS, { error: `one of ${SINGLE_DEFECTS.join(', ')} is expected` })
      .optional()
      .describe('What is wrong with it; any when left out'),
    rate: share().default(0.01).describe('Part of all messages'),
  }),
  value: 'defect',
  examples: ['malformed,rate=10%', 'malformed=bad_base64,rate=100%@1s-2s'],
  begin: ({ defect, rate }, victim) => ({
    onFrame(frame, pass) {
      const { random } = victim;
      const good = random.next() < rate ? audioMessageOf(frame) : undefined;
      if (good !== undefined) {
        const { spoil } = spoilerOf(
          defect ?? random.pick(SINGLE_DEFECTS),
          random.pick(SPOILED_PATHS),
          random.pick(WRONG_VALUES),
        );
        pass(injectedText(frame, spoil(good).at(-1)!));
      }
      pass(frame);
    },
  }),
});
