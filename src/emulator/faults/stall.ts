/** Nothing leaves for a while, and then all of it at once: a network that hangs and comes back. */
import { z } from 'zod';
import { faultKind } from './fault.ts';
import { HoldQueue } from './hold-queue.ts';

export const stall = faultKind({
  name: 'stall',
  summary: 'nothing leaves while it lasts; then everything at once',
  options: z.strictObject({}),
  lengthMs: 5_000,
  holds: true,
  examples: ['stall@1s-2s', 'stall,for=500ms@1s'],
  begin(_options, victim) {
    const queue = new HoldQueue(victim);
    return {
      onFrame: (frame, pass) => queue.add(frame, pass),
      onLost: () => queue.cutOffAll(),
      end: () => queue.passAll(),
    };
  },
});
