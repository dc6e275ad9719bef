/**
 * The endpoint's story as a list of attempts to connect, in the order of their outcome: let in, or refused, and which other
 * connections were open at that moment. Rules of a receiver for connections show here.
 */
import type { Failure, FailureCode } from '../emulator/failure.ts';
import { isLost } from './endings.ts';
import type { ConnectionEvidence, Evidence } from './evidence.ts';
import { isTheirs } from './problems.ts';

export interface Attempt {
  readonly connection: ConnectionEvidence;
  /** When its outcome was known. */
  readonly atSeconds: number;
  /** Why it failed; null when it was let in. */
  readonly refusal: Failure | null;
  /** Refused by an answer, or let in and ended at once. */
  readonly turnedAway: boolean;
  /** Connections that were open then. */
  readonly others: readonly ConnectionEvidence[];
}

/** Two events this close belong together. Seconds. */
export const TOGETHER_SECONDS = 0.3;
/** A connection that ends this soon was never wanted. Seconds. */
export const AT_ONCE_SECONDS = 1;

/** Close codes that speak of a message, not of the connection (RFC 6455 §7.4.1). */
const OF_MESSAGES: ReadonlySet<number> = new Set([1002, 1003, 1007, 1009, 1011]);

/** The receiver answered, in whatever way: somebody who is there and says no. */
const SAYS_NO: ReadonlySet<FailureCode> = new Set(['upgrade_status', 'upgrade_hung_up', 'upgrade_reset']);

export function attemptsOf({ connections }: Evidence): Attempt[] {
  const attempts: Attempt[] = [];
  for (const connection of connections) {
    const { openedSeconds } = connection;
    const add = (atSeconds: number, refusal: Failure | null): void => {
      attempts.push({
        connection,
        atSeconds,
        refusal,
        turnedAway: refusal === null ? endedAtOnce(connection) : SAYS_NO.has(refusal.code),
        others: connections.filter((other) => other !== connection && wasOpen(other, connection, atSeconds)),
      });
    };
    for (const { failure, failedSeconds } of connection.dials)
      if (failure !== null && isTheirs(failure)) add(failedSeconds!, failure);
    if (openedSeconds !== null) add(openedSeconds, null);
  }
  return attempts.sort((a, b) => a.atSeconds - b.atSeconds || a.connection.number - b.connection.number);
}

function endedAtOnce(connection: ConnectionEvidence): boolean {
  const { endedBy, closeCode } = connection;
  return endedBy === 'receiver' && lasted(connection) <= AT_ONCE_SECONDS && !OF_MESSAGES.has(closeCode!);
}

/** Whether `other` was open when something befell `connection`. Of two that opened at the same instant, the first dialled is the older. */
function wasOpen(other: ConnectionEvidence, connection: ConnectionEvidence, atSeconds: number): boolean {
  if (other.openedSeconds === null) return false;
  if (other.openedSeconds > atSeconds) return false;
  if (other.openedSeconds === atSeconds && other.number > connection.number) return false;
  return other.closedSeconds === null || other.closedSeconds > atSeconds;
}

/** Ended by the receiver, in order of time. */
export function lossesOf({ connections }: Evidence): ConnectionEvidence[] {
  return connections.filter(isLost).sort((a, b) => a.closedSeconds! - b.closedSeconds!);
}

/** How long it was open. */
export function lasted({ openedSeconds, closedSeconds }: ConnectionEvidence): number {
  return closedSeconds! - openedSeconds!;
}
