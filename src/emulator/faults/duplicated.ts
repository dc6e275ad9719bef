/** Some messages come twice, one right behind the other: a sender that was not sure. */
import { z } from 'zod';
import { faultKind } from './fault.ts';
import { share } from './units.ts';

export const duplicated = faultKind({
  name: 'duplicated',
  summary: 'a part of all messages comes twice',
  options: z.strictObject({ rate: share().default(0.01).describe('Part of all messages') }),
  value: 'rate',
  examples: ['duplicated=10%'],
  begin: ({ rate }, victim) => ({
    onFrame(frame, pass) {
      pass(frame);
      if (victim.random.next() < rate) pass({ ...frame, injected: true });
    },
  }),
});
