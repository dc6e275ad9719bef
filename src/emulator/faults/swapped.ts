/** Some messages come behind the one that should follow them. Timestamps tell the order. */
import { z } from 'zod';
import type { Frame } from './fault.ts';
import { faultKind } from './fault.ts';
import { HoldQueue } from './hold-queue.ts';
import { share } from './units.ts';

export const swapped = faultKind({
  name: 'swapped',
  summary: 'a part of all messages comes behind the one that follows',
  options: z.strictObject({ rate: share().default(0.01).describe('Part of all messages') }),
  value: 'rate',
  holds: true,
  examples: ['swapped=10%'],
  begin({ rate }, victim) {
    const queue = new HoldQueue(victim);
    let waits = false;
    const flush = (): void => {
      waits = false;
      queue.passAll();
    };
    return {
      onFrame(frame: Frame, pass) {
        if (waits) {
          pass(frame);
          flush();
        } else if (victim.random.next() < rate) {
          waits = true;
          queue.add(frame, pass);
        } else pass(frame);
      },
      onClosing: flush,
      onLost() {
        waits = false;
        queue.cutOffAll();
      },
      end: flush,
    };
  },
});
