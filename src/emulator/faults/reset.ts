/** The TCP connection is destroyed by an RST: what was on its way is lost, and reads fail with ECONNRESET. */
import { z } from 'zod';
import { faultKind } from './fault.ts';

export const reset = faultKind({
  name: 'reset',
  summary: 'the TCP connection is destroyed (RST) and dialled again',
  options: z.strictObject({}),
  instant: true,
  examples: ['reset@1s'],
  begin: (_options, victim) => ({ onOpen: () => victim.break('reset') }),
});
