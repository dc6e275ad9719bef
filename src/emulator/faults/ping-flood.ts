/** Many pings (RFC 6455 §5.5.2), which a receiver must answer and go on. */
import { z } from 'zod';
import { faultKind } from './fault.ts';
import { count } from './units.ts';

export const pingFlood = faultKind({
  name: 'ping_flood',
  summary: 'so many pings a second',
  options: z.strictObject({ per_s: count({ min: 1, max: 10_000 }).default(100).describe('Pings a second') }),
  value: 'per_s',
  examples: ['ping_flood=50@1s-2s'],
  begin({ per_s }, victim) {
    let cancel: (() => void) | undefined;
    let startMs = 0;
    let sent = 0;
    const next = (): void => {
      victim.ping();
      sent++;
      cancel = victim.at(startMs + (sent * 1_000) / per_s, next);
    };
    const stop = (): void => cancel?.();
    return {
      onOpen() {
        stop();
        startMs = victim.clock.now();
        sent = 0;
        next();
      },
      onClosing: stop,
      onLost: stop,
      end: stop,
    };
  },
});
