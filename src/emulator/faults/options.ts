/** Faults that have connection options of their own (`--reconnect-every`, `--late-close`): the same faults, from the start. */
import type { FaultKind, PlannedFault } from './fault.ts';
import { lateClose } from './late-close.ts';
import { reconnect } from './reconnect.ts';

/** Milliseconds. `lateCloseMs` above 0: the successor opens first. */
export function reconnecting(everyMs: number, gapMs: number, lateCloseMs: number): PlannedFault {
  return always(reconnect, { every: everyMs, gap: gapMs, late: lateCloseMs });
}

export function lateClosing(byMs: number): PlannedFault {
  return always(lateClose, { by: byMs });
}

function always(kind: FaultKind, options: Readonly<Record<string, unknown>>): PlannedFault {
  const whole = { atMs: undefined, untilMs: undefined, forMs: undefined, participantId: undefined };
  return { kind, options, ...whole, participant: undefined, number: -1, text: kind.name };
}
