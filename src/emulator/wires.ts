/** The WebSockets of one connection that have not ended: the current one, and predecessors on their way out or left in silence. */
import type { ConnectionContext, ConnectionOptions } from './connection-options.ts';
import type { Dial } from './dial.ts';
import type { Failure } from './failure.ts';
import type { ConnectionRecord } from './ledger.ts';
import { Wire } from './wire.ts';

export class Wires {
  readonly #options: ConnectionOptions;
  readonly #context: ConnectionContext;
  readonly #onClosed: (wire: Wire) => void;
  readonly #all = new Set<Wire>();
  readonly #silent = new Set<Wire>();

  constructor(options: ConnectionOptions, context: ConnectionContext, onClosed: (wire: Wire) => void) {
    this.#options = options;
    this.#context = context;
    this.#onClosed = onClosed;
  }

  get areGone(): boolean {
    return this.#all.size === 0;
  }

  add(dialled: Dial, record: ConnectionRecord): Wire {
    const { url, stallTimeoutMs, closeTimeoutMs, tolerateInvalidFrames } = this.#options;
    const { clock, onLog, originMs, tap } = this.#context;
    const wire = new Wire(dialled, {
      clock,
      url,
      stallTimeoutMs,
      closeTimeoutMs,
      tolerateInvalidFrames,
      record,
      tap,
      onLog,
      onClosed: () => {
        this.#all.delete(wire);
        this.#silent.delete(wire);
        record.closedSeconds = (clock.now() - originMs) / 1_000;
        this.#onClosed(wire);
      },
    });
    this.#all.add(wire);
    return wire;
  }

  /** Leaves it open and in silence until `endSilent`. */
  silence(wire: Wire, why: Failure): void {
    wire.fallSilent(why);
    this.#silent.add(wire);
  }

  endSilent(): void {
    for (const wire of this.#silent) wire.closeNow();
  }

  /** For interrupts. */
  endAll(): void {
    for (const wire of this.#all) wire.closeNow();
  }
}
