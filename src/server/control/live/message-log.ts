/** The last messages that were written to a meeting's connections, as they were written. Bounded. */

import { describeMessage } from '../../../emulator/last-message.ts';
import { type Account, type ConnectionRecord, ENDPOINT_EVENTS } from '../../../emulator/ledger.ts';
import { SAMPLE_RATE } from '../../../protocol/pcm.ts';

const MAX_MESSAGES = 2_000;
const MAX_BYTES = 16 * 1024 * 1024;
/** Of one message. A picture may be longer: its end is left out. */
const MAX_KEPT_BYTES = 256 * 1024;
const MASK_BYTES = 4;

export interface LoggedMessage {
  /** 1, 2, 3… from the moment somebody looks on. */
  readonly number: number;
  /** Meeting seconds. */
  readonly at_s: number;
  readonly connection: number;
  /** Index of the participant; null when it is nobody's alone. */
  readonly participant: number | null;
  /** Its name; empty for what has none, such as a piece of a message. */
  readonly event: string;
  /** Seconds into the meeting of the first sample; null for what has none. */
  readonly relative_s: number | null;
  /** Of its WebSocket frame. */
  readonly bytes: number;
  /** Made by a fault. */
  readonly injected: boolean;
  readonly frame: Buffer;
}

export class MessageLog {
  readonly #kept: LoggedMessage[] = [];
  #bytes = 0;
  #count = 0;

  add(
    atSeconds: number,
    record: ConnectionRecord,
    bytes: Buffer,
    account: Account | undefined,
    startSample: number,
  ): void {
    const isMedia = account !== undefined && account.participant !== ENDPOINT_EVENTS;
    const message: LoggedMessage = {
      number: ++this.#count,
      at_s: atSeconds,
      connection: record.number,
      participant: isMedia ? account.participant : null,
      event: describeMessage(bytes, account)?.event ?? '',
      relative_s: isMedia ? startSample / SAMPLE_RATE : null,
      bytes: bytes.length,
      injected: account === undefined,
      frame: Buffer.from(bytes.subarray(0, MAX_KEPT_BYTES)),
    };
    this.#kept.push(message);
    this.#bytes += message.frame.length;
    while (this.#kept.length > MAX_MESSAGES || this.#bytes > MAX_BYTES)
      this.#bytes -= this.#kept.shift()!.frame.length;
  }

  /** Those with a higher number that are still kept. */
  after(number: number): readonly LoggedMessage[] {
    const behind = this.#count - number;
    return behind <= 0 ? [] : this.#kept.slice(Math.max(0, this.#kept.length - behind));
  }

  find(number: number): LoggedMessage | undefined {
    return this.#kept.find((each) => each.number === number);
  }
}

/** The text of a message. Our masks are zero: the payload stands there as it is. */
export function textOfFrame(frame: Buffer): string {
  const length = (frame[1] ?? 0) & 0x7f;
  const start = 2 + (length === 126 ? 2 : length === 127 ? 8 : 0) + MASK_BYTES;
  return frame.toString('utf8', start);
}
