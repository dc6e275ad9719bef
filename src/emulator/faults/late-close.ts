/** The socket stays open for a while after the mute, silent, while a new one may have opened already: seen on live calls. */
import { z } from 'zod';
import { faultKind } from './fault.ts';
import { seconds } from './units.ts';

export const lateClose = faultKind({
  name: 'late_close',
  summary: 'a socket closes some time after the mute, maybe when its successor is open already',
  options: z.strictObject({ by: seconds().default(3_000).describe('How much later') }),
  value: 'by',
  examples: ['late_close=3s'],
  begin: ({ by }) => ({ closeAfterMs: () => by }),
});
