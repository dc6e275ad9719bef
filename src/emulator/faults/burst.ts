/** A sender that buffers: what falls due is collected, and leaves in one burst every so often and before a close. */
import { z } from 'zod';
import { faultKind } from './fault.ts';
import { HoldQueue } from './hold-queue.ts';
import { seconds } from './units.ts';

export const burst = faultKind({
  name: 'burst',
  summary: 'messages are collected and leave together every so often',
  options: z.strictObject({
    every: seconds({ min: 0.01 }).default(2_000).describe('Time from burst to burst'),
  }),
  value: 'every',
  holds: true,
  examples: ['burst=1s'],
  begin({ every }, victim) {
    const queue = new HoldQueue(victim);
    let cancel: (() => void) | undefined;
    const flush = (): void => {
      cancel?.();
      cancel = undefined;
      queue.passAll();
    };
    return {
      onFrame(frame, pass) {
        queue.add(frame, pass);
        cancel ??= victim.at(victim.clock.now() + every, flush);
      },
      onClosing: flush,
      onLost() {
        cancel?.();
        cancel = undefined;
        queue.cutOffAll();
      },
      end: flush,
    };
  },
});
