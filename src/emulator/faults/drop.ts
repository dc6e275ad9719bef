/** The TCP connection ends in order (FIN), but without a close frame: what a receiver sees as close code 1006. */
import { z } from 'zod';
import { faultKind } from './fault.ts';

export const drop = faultKind({
  name: 'drop',
  summary: 'the connection ends without a close frame (1006) and is dialled again',
  options: z.strictObject({}),
  instant: true,
  examples: ['drop@1s'],
  begin: (_options, victim) => ({ onOpen: () => victim.break('fin') }),
});
