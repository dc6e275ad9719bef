/** Everything arrives later, and not always by the same time. Order is kept, as TCP keeps it. */
import { z } from 'zod';
import { faultKind } from './fault.ts';
import { HoldQueue } from './hold-queue.ts';
import { milliseconds } from './units.ts';

const MAX_MS = 60_000;

export const latency = faultKind({
  name: 'latency',
  summary: 'every message leaves later, by about so much, and in its order',
  options: z.strictObject({
    ms: milliseconds({ max: MAX_MS }).default(200).describe('How much later'),
    jitter: milliseconds({ max: MAX_MS }).default(0).describe('How much more or less than that it may be'),
  }),
  value: 'ms',
  examples: ['latency=200ms', 'latency=200ms±50ms'],
  begin({ ms, jitter }, victim) {
    const queue = new HoldQueue(victim);
    let lastMs = 0;
    return {
      onFrame(frame, pass) {
        const laterMs = ms + jitter * (2 * victim.random.next() - 1);
        lastMs = Math.max(lastMs, victim.clock.now() + Math.max(0, laterMs));
        queue.add(frame, pass, lastMs);
      },
      onLost: () => queue.cutOffAll(),
      end: () => queue.passAll(),
    };
  },
});
