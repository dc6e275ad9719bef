/** Dials fail without being made, as at a receiver that nobody reaches. */
import { z } from 'zod';
import { faultKind } from './fault.ts';

export const refuse = faultKind({
  name: 'refuse',
  summary: 'every dial fails while it lasts, as when nobody can reach the receiver',
  options: z.strictObject({}),
  examples: ['refuse@1s-3s'],
  begin: (_options, victim) => ({ beforeDial: () => victim.why }),
});
