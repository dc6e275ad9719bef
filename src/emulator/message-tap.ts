/** Lets somebody look at every message that is written to the connections of a session, while they look. */
import type { Account, ConnectionRecord } from './ledger.ts';

/**
 * `bytes`: the WebSocket frame, or a piece of one; valid during the call only. `account`: whose it is; undefined for what a fault has
 * made. `startSample`: where its first sample stands.
 */
export type MessageListener = (
  record: ConnectionRecord,
  bytes: Buffer,
  account: Account | undefined,
  startSample: number,
) => void;

export class MessageTap {
  /** Undefined while nobody looks: then it costs nothing. */
  listener: MessageListener | undefined;
}
