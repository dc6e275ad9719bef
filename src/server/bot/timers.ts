/** The timers of one bot: one of each name at a time, all of them tasks of one owner. */
import type { Pacer, PacerGroup } from '../../emulator/pacer.ts';

export class Timers {
  readonly #pacer: Pacer;
  readonly #tasks: PacerGroup;
  readonly #cancels = new Map<string, () => void>();

  /** `onError` is told what a timer throws; no other timer of this owner runs after that. */
  constructor(pacer: Pacer, onError: (error: unknown) => void) {
    this.#pacer = pacer;
    this.#tasks = pacer.group({ onError });
  }

  /** Replaces the timer of this name. */
  after(name: string, seconds: number, callback: () => void): void {
    this.cancel(name);
    const cancel = this.#tasks.at(this.#pacer.clock.now() + seconds * 1_000, () => {
      this.#cancels.delete(name);
      callback();
    });
    this.#cancels.set(name, cancel);
  }

  cancel(...names: readonly string[]): void {
    for (const name of names) {
      this.#cancels.get(name)?.();
      this.#cancels.delete(name);
    }
  }

  cancelAll(): void {
    this.cancel(...this.#cancels.keys());
  }
}
