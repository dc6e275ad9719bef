/** Frames that wait for a WebSocket: a bounded tail of what fell due while there was none. Each ends as sent or dropped. */
import { SAMPLE_RATE } from '../protocol/pcm.ts';
import type { Failure } from './failure.ts';
import type { Account, DropReason } from './ledger.ts';
import type { Wire } from './wire.ts';

interface Held {
  readonly bytes: Buffer;
  readonly account: Account;
  readonly startSample: number;
  readonly samples: number;
}

export class HeldFrames {
  readonly #maxBytes: number;
  #held: Held[] = [];
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Copies the bytes. */
  add(bytes: Buffer, account: Account, startSample: number, samples: number): void {
    account.pending++;
    this.#held.push({ bytes: Buffer.from(bytes), account, startSample, samples });
    this.#bytes += bytes.length;
  }

  /** All of it, in order. They are late because the receiver let us wait. Lateness is ours alone. */
  sendTo(wire: Pick<Wire, 'write'>): void {
    const held = this.#held;
    this.#held = [];
    this.#bytes = 0;
    for (const { bytes, account, startSample, samples } of held) {
      account.pending--;
      wire.write(bytes, account, startSample, samples);
    }
  }

  /**
   * Keeps the newest `keepMs` of audio within the bound, and drops the rest. 0 keeps nothing: what is held is not in order of
   * its positions, as an event is of the moment and a frame after it may have ended before that.
   */
  trim(keepMs: number, reason: DropReason, cause: Failure | undefined): void {
    const newest = this.#held.at(-1);
    if (newest === undefined) return;
    const keepSamples = (keepMs * SAMPLE_RATE) / 1_000;
    const endSample = newest.startSample + newest.samples;
    let drop = 0;
    for (; drop < this.#held.length; drop++) {
      const { bytes, account, startSample, samples } = this.#held[drop]!;
      const isNew = keepMs > 0 && endSample - startSample <= keepSamples;
      if (isNew && this.#bytes <= this.#maxBytes) break;
      this.#bytes -= bytes.length;
      account.pending--;
      account.drop(reason, startSample, samples, cause);
    }
    this.#held.splice(0, drop);
  }
}
