/** A connection of the ledger as pages and reports show it. */
import type { ConnectionRecord } from './ledger.ts';

export interface ConnectionFacts {
  readonly number: number;
  /** Meeting seconds; null when it never opened. */
  readonly opened_s: number | null;
  readonly closed_s: number | null;
  readonly close_code: number | null;
  readonly close_reason: string | null;
  readonly ended_by: ConnectionRecord['endedBy'];
  readonly error: string | null;
}

export function connectionFacts(record: ConnectionRecord): ConnectionFacts {
  return {
    number: record.number,
    opened_s: record.openedSeconds,
    closed_s: record.closedSeconds,
    close_code: record.closeCode,
    close_reason: record.closeReason,
    ended_by: record.endedBy,
    error: record.error?.text ?? null,
  };
}
