/**
 * What is wrong with a connection while it has no WebSocket, and what becomes of frames meanwhile: some are kept for the next
 * one, the others are dropped for a reason that is told.
 */
import { type Failure, failure, isOnDemand } from './failure.ts';
import { HeldFrames } from './held-frames.ts';
import { type Account, type DropReason, lossReason } from './ledger.ts';
import type { ConnectionState } from './transitions.ts';
import type { Wire } from './wire.ts';

export interface OutageOptions {
  /** Bytes that may be kept. */
  readonly maxBacklogBytes: number;
  /** Audio kept while there is no connection. 0: none. */
  readonly bufferDisconnectedMs: number;
  /** Audio kept while a handshake is under way. */
  readonly connectGraceMs: number;
}

export class Outage {
  readonly #options: OutageOptions;
  readonly #held: HeldFrames;
  /** What is wrong when the first dial takes longer than audio is kept for it. */
  readonly #slow: Failure;
  /** What is wrong now; undefined while nothing is. */
  #why: Failure | undefined;

  constructor(options: OutageOptions) {
    this.#options = options;
    this.#held = new HeldFrames(options.maxBacklogBytes);
    this.#slow = failure(
      'upgrade_slow',
      `receiver had not answered the upgrade after ${options.connectGraceMs / 1_000} s of the meeting`,
    );
  }

  begin(why: Failure | undefined): void {
    this.#why = why;
  }

  /** A dial has failed. What began the incident stays its reason, unless it was asked for and what follows is not. */
  goesOn(why: Failure): void {
    if (this.#why === undefined || isOnDemand(this.#why)) this.#why = why;
  }

  /** Why frames cannot be sent in this state; undefined when there is no reason but the receiver's pace. */
  failureIn(state: ConnectionState): Failure | undefined {
    return state === 'connecting' ? (this.#why ?? this.#slow) : this.#why;
  }

  /** Why a frame is dropped in a state without a WebSocket; undefined when it is kept. */
  refuses(state: ConnectionState): DropReason | undefined {
    return this.#keepMs(state) > 0 ? undefined : this.#lossReason(state);
  }

  keep(state: ConnectionState, bytes: Buffer, account: Account, startSample: number, samples: number): void {
    this.#held.add(bytes, account, startSample, samples);
    this.#held.trim(this.#keepMs(state), this.#lossReason(state), this.failureIn(state));
  }

  /** A dial has failed, or a WebSocket is lost: what is kept until the next one may be less than for a handshake. */
  trim(state: ConnectionState): void {
    this.#held.trim(this.#options.bufferDisconnectedMs, this.#lossReason(state), this.failureIn(state));
  }

  /** Nothing will come of it any more. */
  dropAll(state: ConnectionState, reason: DropReason = this.#lossReason(state)): void {
    this.#held.trim(0, reason, this.failureIn(state));
  }

  /** It is over. */
  end(wire: Pick<Wire, 'write'>): void {
    this.#held.sendTo(wire);
  }

  #keepMs(state: ConnectionState): number {
    const { connectGraceMs, bufferDisconnectedMs } = this.#options;
    return state === 'connecting' ? Math.max(connectGraceMs, bufferDisconnectedMs) : bufferDisconnectedMs;
  }

  #lossReason(state: ConnectionState): DropReason {
    return state === 'reconnecting' && this.#why === undefined ? 'reconnecting' : lossReason(this.#why);
  }
}
