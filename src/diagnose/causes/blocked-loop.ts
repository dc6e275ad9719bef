import type { Cause } from '../cause.ts';
import { at } from '../words.ts';

/** A pong takes longer than this only where somebody is busy or far away. Milliseconds. */
const SLOW_MS = 250;
/** So many are no accident. */
const MIN_SLOW = 3;

/** One thread for everything: while it works, nothing is answered. */
export const blockedLoop: Cause = {
  code: 'blocks_event_loop',
  title: 'Blocks its event loop',
  shows: 'Pings are answered at once at some times and late at others: somebody works where everybody waits.',
  remedy:
    'Move what takes long out of the event loop: worker threads in Node, run_in_executor or a process in Python. Reads, pongs and closes wait for it, and so does every other participant.',
  look({ witnesses }) {
    const trips = (witnesses.pings ?? []).flatMap(({ connection, atSeconds, roundTripMs }) =>
      roundTripMs === null ? [] : [{ connection, atSeconds, ms: roundTripMs }],
    );
    const slow = trips.filter(({ ms }) => ms >= SLOW_MS);
    const fastest = Math.min(...trips.map(({ ms }) => ms));
    // Slow at all times is a long way, not a busy receiver.
    if (slow.length < MIN_SLOW || fastest > SLOW_MS / 4) return undefined;
    const slowest = slow.reduce((a, b) => (b.ms > a.ms ? b : a));
    return {
      certainty: 'likely',
      text: `The receiver blocks its event loop, for up to ${Math.round(slowest.ms)} ms: it answers pings in ${Math.round(fastest)} ms, and late ${slow.length} of ${trips.length} times`,
      evidence: slow.map(
        ({ connection, atSeconds, ms }) =>
          `connection #${connection}: a pong took ${Math.round(ms)} ms at ${at(atSeconds)}`,
      ),
      explains: [],
    };
  },
};
