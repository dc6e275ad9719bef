/** Sums over the ledgers of recordings: what summaries and lists need of one that is over. */
import {
  AUDIO,
  DROP_REASONS,
  type DropReason,
  ENDPOINT_EVENTS,
  type Ledger,
  noDrops,
  totalOf,
} from '../../emulator/ledger.ts';

interface MediaTotals {
  scheduled: number;
  sent: number;
  /** Of the sent ones: what a reset may have destroyed on its way. */
  inDoubt: number;
  /** By reason; `scheduled = sent + ` their sum once a recording is over. */
  readonly drops: Record<DropReason, number>;
}

/** Of separate audio, unless it says otherwise. */
export interface Totals extends MediaTotals {
  /** Pictures of separate video. */
  readonly pictures: MediaTotals;
  /** Messages of the whole endpoint. */
  eventsSent: number;
  /** WebSockets that opened. */
  connections: number;
}

function noTotals(): Totals {
  return { ...noMedia(), pictures: noMedia(), eventsSent: 0, connections: 0 };
}

function noMedia(): MediaTotals {
  return { scheduled: 0, sent: 0, inDoubt: 0, drops: noDrops() };
}

function add(sum: MediaTotals, { scheduled, sent, inDoubt, drops }: MediaTotals): void {
  sum.scheduled += scheduled;
  sum.sent += sent;
  sum.inDoubt += inDoubt;
  for (const reason of DROP_REASONS) sum.drops[reason] += drops[reason];
}

export function totalsOf({ accounts, connections }: Ledger): Totals {
  const totals = noTotals();
  for (const account of accounts) {
    if (account.participant === ENDPOINT_EVENTS) {
      totals.eventsSent += account.sent;
      continue;
    }
    const { scheduled, sent, inDoubt, dropped } = account;
    const media = account.medium === AUDIO ? totals : totals.pictures;
    add(media, { scheduled, sent, inDoubt, drops: dropped });
  }
  totals.connections = connections.filter(({ openedSeconds }) => openedSeconds !== null).length;
  return totals;
}

export function sumOf(all: Iterable<Totals>): Totals {
  const sum = noTotals();
  for (const totals of all) {
    add(sum, totals);
    add(sum.pictures, totals.pictures);
    sum.eventsSent += totals.eventsSent;
    sum.connections += totals.connections;
  }
  return sum;
}

export function droppedOf({ drops }: MediaTotals): number {
  return totalOf(drops);
}
