import type { Cause } from '../cause.ts';
import { SLOW_PONG_MS } from '../pings.ts';
import { at } from '../words.ts';

/** So many are no accident. */
const MIN_SLOW = 3;

/** One thread for everything: while it works, nothing is answered. */
export const blockedLoop: Cause = {
  code: 'blocks_event_loop',
  title: 'Blocks its event loop',
  shows:
    'Pings (of load) are answered at once at some times and late at others: somebody works where everybody waits.',
  remedy:
    'Move what takes long out of the event loop: worker threads in Node, run_in_executor or a process in Python. Reads, pongs and closes wait for it, and so does every other participant.',
  look({ witnesses: { pings } }) {
    if (pings === undefined || pings.slowCount < MIN_SLOW) return undefined;
    // Slow at all times is a long way, not a busy receiver.
    if (pings.fastestMs > SLOW_PONG_MS / 4) return undefined;
    const slowestMs = Math.max(...pings.slow.map(({ roundTripMs }) => roundTripMs));
    return {
      certainty: 'likely',
      text: `The receiver blocks its event loop, for up to ${Math.round(slowestMs)} ms: it can answer a ping in ${Math.max(1, Math.round(pings.fastestMs))} ms, and was late ${pings.slowCount} of ${pings.count} times`,
      evidence: pings.slow.map(
        ({ atSeconds, roundTripMs }) => `a pong took ${Math.round(roundTripMs)} ms at ${at(atSeconds)}`,
      ),
      explains: [],
    };
  },
};
