/** Pings each open connection regularly and tells how the receiver does, for load tests. */
import { type PacerGroup, PHASE_STEP } from './pacer.ts';
import type { Wire } from './wire.ts';

/** Milliseconds of the clock. */
export interface ConnectionProbe {
  /** How often each open connection is pinged. */
  readonly pingEveryMs: number;
  /** From the dial to the open WebSocket. */
  onConnected(ms: number): void;
  /** From a ping to its pong. */
  onRoundTrip(ms: number): void;
}

/** Returns what ends it; without a probe nothing happens. */
export function pingRegularly(
  probe: ConnectionProbe | undefined,
  wire: Wire,
  pacer: Pick<PacerGroup, 'add'>,
  nowMs: number,
): (() => void) | undefined {
  if (probe === undefined) return undefined;
  // Connections that open together are not pinged together.
  const firstMs = nowMs + probe.pingEveryMs * ((wire.record.number * PHASE_STEP) % 1);
  return pacer.add(firstMs, {
    run: (dueMs) => {
      wire.ping((ms) => probe.onRoundTrip(ms));
      return dueMs + probe.pingEveryMs;
    },
  });
}
