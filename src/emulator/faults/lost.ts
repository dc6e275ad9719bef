/** Some messages never leave. TCP loses none; a sender with an overflowing queue does. */
import { z } from 'zod';
import { faultKind } from './fault.ts';
import { share } from './units.ts';

export const lost = faultKind({
  name: 'lost',
  summary: 'a part of all messages is left out',
  options: z.strictObject({ rate: share().default(0.01).describe('Part of all messages') }),
  value: 'rate',
  examples: ['lost=10%', 'lost=100%@1s-2s'],
  begin: ({ rate }, victim) => ({
    onFrame(frame, pass) {
      if (victim.random.next() < rate) victim.lose(frame);
      else pass(frame);
    },
  }),
});
