/** Frames that a fault keeps for a while, oldest first. For faults that are about time. */
import type { Frame, Victim } from './fault.ts';

interface Entry {
  readonly frame: Frame;
  readonly pass: (frame: Frame) => void;
  readonly releaseMs: number;
}

export class HoldQueue {
  readonly #victim: Victim;
  readonly #entries: Entry[] = [];
  #cancel: (() => void) | undefined;

  constructor(victim: Victim) {
    this.#victim = victim;
  }

  /** `releaseMs`: when it goes on, on the clock; never before what came before it. Left out: when `passAll` is called. */
  add(frame: Frame, pass: (frame: Frame) => void, releaseMs: number = Number.POSITIVE_INFINITY): void {
    if (!this.#victim.hold(frame)) return;
    this.#entries.push({ frame, pass, releaseMs });
    if (this.#entries.length === 1) this.#arm();
  }

  passAll(): void {
    this.#disarm();
    for (const entry of this.#entries.splice(0)) this.#pass(entry);
  }

  /** The WebSocket is gone. */
  cutOffAll(): void {
    this.#disarm();
    for (const { frame } of this.#entries.splice(0)) {
      this.#victim.unhold(frame);
      this.#victim.cutOff(frame);
    }
  }

  #arm(): void {
    const first = this.#entries[0];
    if (first === undefined || first.releaseMs === Number.POSITIVE_INFINITY) return;
    this.#cancel = this.#victim.at(first.releaseMs, () => {
      this.#cancel = undefined;
      const nowMs = this.#victim.clock.now();
      while (this.#entries.length > 0 && this.#entries[0]!.releaseMs <= nowMs)
        this.#pass(this.#entries.shift()!);
      if (this.#cancel === undefined) this.#arm();
    });
  }

  #disarm(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #pass({ frame, pass }: Entry): void {
    pass(frame);
    this.#victim.unhold(frame);
  }
}
