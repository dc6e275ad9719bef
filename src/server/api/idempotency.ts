/**
 * `Idempotency-Key`: the same key on the same path within an hour gets the first answer again, whatever it was; while the
 * first is in flight, a conflict.
 */

export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const KEPT_MS = 3_600_000;
/** The oldest keys are forgotten first. */
const MAX_KEYS = 10_000;

interface Entry {
  readonly atMs: number;
  answer: KeptAnswer | undefined;
}

export class IdempotencyKeys {
  readonly #entries = new Map<string, Entry>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** `new`: go on, and call `settle` or `forget`. */
  begin(key: string): 'new' | 'in_flight' | KeptAnswer {
    const known = this.#entries.get(key);
    if (known !== undefined && this.#nowMs() - known.atMs < KEPT_MS) return known.answer ?? 'in_flight';
    this.#entries.delete(key);
    if (this.#entries.size >= MAX_KEYS) {
      const [oldest] = this.#entries.keys();
      if (oldest !== undefined) this.#entries.delete(oldest);
    }
    this.#entries.set(key, { atMs: this.#nowMs(), answer: undefined });
    return 'new';
  }

  settle(key: string, answer: KeptAnswer): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined) entry.answer = answer;
  }

  forget(key: string): void {
    this.#entries.delete(key);
  }
}
