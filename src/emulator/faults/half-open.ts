/**
 * The line is cut and nobody is told: the WebSocket stays open in silence, without a FIN, while a new one is dialled after a
 * while. It ends without a close frame when the stream does.
 */
import { z } from 'zod';
import { faultKind } from './fault.ts';
import { seconds } from './units.ts';

export const halfOpen = faultKind({
  name: 'half_open',
  summary: 'the connection falls silent without an end, and another one is dialled',
  options: z.strictObject({
    gap: seconds().default(5_000).describe('How long it takes until the new one is dialled'),
  }),
  value: 'gap',
  instant: true,
  examples: ['half_open@1s', 'half_open=500ms@1s'],
  begin: ({ gap }, victim) => ({ onOpen: () => victim.abandon(gap) }),
});
