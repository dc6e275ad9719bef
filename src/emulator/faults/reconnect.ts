/**
 * Every so often the WebSocket is lost and dialled anew: seen on live Teams calls, about every eight minutes. With a late close
 * the successor opens first, and the old socket closes in order behind it.
 */
import { z } from 'zod';
import { faultKind } from './fault.ts';
import { seconds } from './units.ts';

export const reconnect = faultKind({
  name: 'reconnect',
  summary: 'the WebSocket is lost every so often and dialled anew, as on live calls',
  options: z.strictObject({
    every: seconds({ min: 0.1 }).default(480_000).describe('How long each WebSocket lasts'),
    gap: seconds().default(1_000).describe('How long nobody is connected'),
    late: seconds()
      .default(0)
      .describe('Dial the successor first, and close the old WebSocket this much later'),
  }),
  value: 'every',
  examples: ['reconnect=2s', 'reconnect=2s,gap=500ms', 'reconnect=2s,late=1s'],
  begin({ every, gap, late }, victim) {
    let cancel: (() => void) | undefined;
    const forget = (): void => cancel?.();
    return {
      onOpen() {
        cancel = victim.at(victim.clock.now() + every, () =>
          late > 0 ? victim.replace(late) : victim.reconnect(gap),
        );
      },
      onClosing: forget,
      onLost: forget,
      end: forget,
    };
  },
});
