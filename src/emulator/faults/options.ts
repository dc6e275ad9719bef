/** Faults that have connection options of their own (`--reconnect-every`, `--late-close`): the same faults, from the start. */
import type { ConnectionOptions } from '../connection-options.ts';
import type { FaultKind, PlannedFault } from './fault.ts';
import { lateClose } from './late-close.ts';
import { reconnect } from './reconnect.ts';

/** A late close also lets the successor of a reconnect open first. */
export function optionFaults({
  reconnectEveryMs,
  reconnectGapMs,
  lateCloseMs,
}: Pick<ConnectionOptions, 'reconnectEveryMs' | 'reconnectGapMs' | 'lateCloseMs'>): PlannedFault[] {
  const faults: PlannedFault[] = [];
  if (reconnectEveryMs !== undefined)
    faults.push(always(reconnect, { every: reconnectEveryMs, gap: reconnectGapMs, late: lateCloseMs }));
  if (lateCloseMs > 0) faults.push(always(lateClose, { by: lateCloseMs }));
  return faults;
}

function always(kind: FaultKind, options: Readonly<Record<string, unknown>>): PlannedFault {
  const whole = { atMs: undefined, untilMs: undefined, forMs: undefined, participantId: undefined };
  return { kind, options, ...whole, participant: undefined, number: -1, text: kind.name };
}
