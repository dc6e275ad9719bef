/**
 * How the ledger's accounts stand in a report: what they add up to, and the entry of one connection, each beside its schema.
 * The schemas are published.
 */
import { z } from 'zod';
import { failureSchema } from './failure-tally.ts';
import { Histogram } from './histogram.ts';
import { type Account, DROP_REASONS, type DropReason, totalOf } from './ledger.ts';

export const count = z.int().nonnegative();
export const latenessSchema = z
  .strictObject({ p50: z.number(), p99: z.number(), max: z.number() })
  .describe(
    'Milliseconds between the time a frame fell due and the time it was handed to its open socket; frames that waited for a handshake do not count',
  );
export const droppedSchema = z.strictObject({
  total: count,
  disconnected: count.describe('No connection when the frame fell due, or it broke before the frame left'),
  slow_receiver: count.describe('The receiver did not read and the backlog was full'),
  reconnecting: count.describe('In the gap of a reconnect that was asked for with `reconnectEverySeconds`'),
  on_demand: count.describe('While a loss lasted that was asked for over the control API'),
  fault: count.describe('Lost by a fault that was asked for'),
  endpoint_failed: count.describe('After the last retry had failed'),
});

export const connectionSchema = z.strictObject({
  number: count.describe('1, 2, 3… in the order of dialling, over all participants'),
  endpoint: count.describe('Index of the real-time endpoint'),
  opened_s: z.number().nullable().describe('Seconds into the meeting; null when it never opened'),
  closed_s: z.number().nullable(),
  close_code: z.int().nullable().describe('RFC 6455 close code; 1006 without a close frame'),
  close_reason: z.string().nullable(),
  scheduled: count,
  sent: count,
  injected: count.describe(
    'Messages that faults sent beside the frames: duplicates, malformed and unknown ones',
  ),
  dropped: droppedSchema,
  in_doubt: count.describe(
    'Of the sent ones: those that a reset may have destroyed on their way, as the receiver had not answered a last ping',
  ),
  retries: count.describe('Dials after the first'),
  error: failureSchema
    .nullable()
    .describe('Why it was lost or could not be opened; null when nothing was wrong'),
  messages_received: count,
  pings_received: count,
  lateness_ms: latenessSchema,
});

type Dropped = z.infer<typeof droppedSchema>;
type Connection = z.infer<typeof connectionSchema>;

/** `scheduled = sent + dropped.total` */
interface Counts {
  readonly scheduled: number;
  readonly sent: number;
  readonly dropped: Dropped;
}

export function countsOf(accounts: readonly Account[]): Counts {
  return {
    scheduled: sum(accounts, (account) => account.scheduled),
    sent: sum(accounts, (account) => account.sent),
    dropped: droppedOf(accounts),
  };
}

/** Messages that faults sent beside the frames. */
export function injectedOf(accounts: readonly Account[]): number {
  return sum(accounts, (account) => account.injected);
}

export function latenessOf(accounts: readonly Account[]): z.infer<typeof latenessSchema> {
  const lateness = new Histogram();
  for (const account of accounts) lateness.add(account.lateness);
  return lateness.summary();
}

export function connectionEntry(account: Account): Omit<Connection, 'lateness_ms'> {
  const { connection: record } = account;
  return {
    number: record.number,
    endpoint: record.endpointIndex,
    opened_s: rounded(record.openedSeconds),
    closed_s: rounded(record.closedSeconds),
    close_code: record.closeCode,
    close_reason: record.closeReason,
    scheduled: account.scheduled,
    sent: account.sent,
    injected: account.injected,
    dropped: droppedOf([account]),
    in_doubt: account.inDoubt,
    retries: record.retries,
    error: record.error && { code: record.error.code, text: record.error.text },
    messages_received: record.messagesReceived,
    pings_received: record.pingsReceived,
  };
}

/** With the lateness that only frames of streams have. */
export function timedEntry(account: Account): Connection {
  return { ...connectionEntry(account), lateness_ms: account.lateness.summary() };
}

function droppedOf(accounts: readonly Account[]): Dropped {
  const byReason = Object.fromEntries(
    DROP_REASONS.map((reason) => [reason, sum(accounts, (account) => account.dropped[reason])]),
  ) as Record<DropReason, number>;
  return { total: totalOf(byReason), ...byReason };
}

function sum(accounts: readonly Account[], of: (account: Account) => number): number {
  return accounts.reduce((total, account) => total + of(account), 0);
}

function rounded(seconds: number | null): number | null {
  return seconds === null ? null : Math.round(seconds * 1_000) / 1_000;
}
