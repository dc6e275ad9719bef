/** A thin line: so many bytes a second, one message after the other. What does not fit into the backlog is lost. */
import { z } from 'zod';
import { faultKind } from './fault.ts';
import { HoldQueue } from './hold-queue.ts';
import { bytes } from './units.ts';

export const bandwidth = faultKind({
  name: 'bandwidth',
  summary: 'no more than so many bytes a second leave; what the backlog does not hold is lost',
  options: z.strictObject({
    bytes_per_s: bytes({ min: 100, max: 1024 ** 3 })
      .default(64 * 1024)
      .describe('Bytes a second; the audio of one participant takes about 43k'),
  }),
  value: 'bytes_per_s',
  examples: ['bandwidth=64k'],
  begin({ bytes_per_s }, victim) {
    const queue = new HoldQueue(victim);
    let freeMs = 0;
    return {
      onFrame(frame, pass) {
        freeMs = Math.max(freeMs, victim.clock.now()) + (frame.bytes.length * 1_000) / bytes_per_s;
        queue.add(frame, pass, freeMs);
      },
      onLost() {
        queue.cutOffAll();
        freeMs = 0;
      },
      end: () => queue.passAll(),
    };
  },
});
