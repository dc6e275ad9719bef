/** Sums over the ledgers of recordings: what summaries and lists need of one that is over. */
import {
  DROP_REASONS,
  type DropReason,
  ENDPOINT_EVENTS,
  type Ledger,
  noDrops,
} from '../../emulator/ledger.ts';

export interface Totals {
  /** Frames of separate audio. */
  scheduled: number;
  sent: number;
  /** By reason; `scheduled = sent + ` their sum once a recording is over. */
  readonly drops: Record<DropReason, number>;
  /** Messages of the whole endpoint. */
  eventsSent: number;
  /** WebSockets that opened. */
  connections: number;
}

function noTotals(): Totals {
  return { scheduled: 0, sent: 0, drops: noDrops(), eventsSent: 0, connections: 0 };
}

export function totalsOf({ accounts, connections }: Ledger): Totals {
  const totals = noTotals();
  for (const account of accounts) {
    if (account.participant === ENDPOINT_EVENTS) {
      totals.eventsSent += account.sent;
      continue;
    }
    totals.scheduled += account.scheduled;
    totals.sent += account.sent;
    for (const reason of DROP_REASONS) totals.drops[reason] += account.dropped[reason];
  }
  totals.connections = connections.filter(({ openedSeconds }) => openedSeconds !== null).length;
  return totals;
}

export function sumOf(all: Iterable<Totals>): Totals {
  const sum = noTotals();
  for (const totals of all) {
    sum.scheduled += totals.scheduled;
    sum.sent += totals.sent;
    sum.eventsSent += totals.eventsSent;
    sum.connections += totals.connections;
    for (const reason of DROP_REASONS) sum.drops[reason] += totals.drops[reason];
  }
  return sum;
}

export function droppedOf({ drops }: Totals): number {
  return DROP_REASONS.reduce((sum, reason) => sum + drops[reason], 0);
}
