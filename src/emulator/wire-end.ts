/** How a WebSocket ended, told in the receiver's terms. Pure. */
import { describeClose, describeError } from './dial-failure.ts';
import { type Failure, failure } from './failure.ts';
import type { ConnectionRecord } from './ledger.ts';

/**
 * What we began: a close in order; an end without a close frame, in a planned reconnect or because a loss was asked for; an RST;
 * or no end at all, in silence.
 */
export type Ending = 'close' | 'reconnect' | 'drop' | 'reset' | 'silence';

/** Whether what was written before still goes out. */
export function endsAfterQueue(ending: Ending | undefined): boolean {
  return ending === 'close' || ending === 'reconnect' || ending === 'drop';
}

/** What was wrong with the end; null for an end in order, and for one that was planned. `asked`: why a loss was asked for. */
export function describeEnd(
  ending: Ending | undefined,
  { closeCode, closeReason }: Pick<ConnectionRecord, 'closeCode' | 'closeReason'>,
  from: {
    readonly asked: Failure;
    readonly socketError: (Error & { code?: string }) | undefined;
    readonly url: string;
  },
): Failure | null {
  switch (ending) {
    case 'close':
      return closeCode === 1006
        ? failure('close_unanswered', 'receiver did not answer our close frame')
        : null;
    case 'drop':
    case 'reset':
    case 'silence':
      return from.asked;
    case 'reconnect':
      return null;
    default:
  }
  if (from.socketError !== undefined) return describeError(from.socketError, from.url, 'open');
  if (closeCode === 1006)
    return failure('ended_without_close_frame', 'receiver ended the connection without a close frame');
  return failure(
    'closed_by_receiver',
    `receiver closed the connection (${describeClose(closeCode, closeReason)})`,
  );
}
