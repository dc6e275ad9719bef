/** The timers of one bot: one of each name at a time, all of them tasks of one owner. */
import type { Pacer, PacerGroup } from '../../emulator/pacer.ts';

export class Timers {
  readonly #onError: (error: unknown) => void;
  readonly #pacer: Pacer;
  readonly #tasks: PacerGroup;
  readonly #cancels = new Map<string, () => void>();

  /** `onError` is told what a timer throws; no other timer of this owner runs after that. */
  constructor(pacer: Pacer, onError: (error: unknown) => void) {
    this.#onError = onError;
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

  /** Replaces it by something that takes as long as it takes. `after` is called when it is over, cancelled or not. */
  when<Value>(
    name: string,
    promise: Promise<Value>,
    callback: (value: Value) => void,
    after: () => void,
  ): void {
    this.cancel(name);
    let isCancelled = false;
    this.#cancels.set(name, () => {
      isCancelled = true;
    });
    promise
      .then((value) => {
        if (isCancelled) return;
        this.#cancels.delete(name);
        callback(value);
      })
      .catch(this.#onError)
      .finally(after);
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
