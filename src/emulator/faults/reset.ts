/**
 * The TCP connection is destroyed by an RST, and the receiver's reads fail with ECONNRESET. What falls due from then on is lost. What
 * was sent before is not, as far as we can help it: the RST comes when the receiver has answered a last ping.
 */
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
