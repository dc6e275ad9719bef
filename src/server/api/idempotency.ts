/**
 * `Idempotency-Key`: the same key on the same path within an hour gets the first answer again, whatever it was; while the
 * first is in flight, a conflict.
 */
import { refused } from '../bot/refusal.ts';

interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const KEPT_MS = 3_600_000;
/** The oldest keys are forgotten first. */
const MAX_KEYS = 10_000;

interface Entry {
  readonly atMs: number;
  /** Undefined while the request is in flight. */
  answer: KeptAnswer | undefined;
}

export class IdempotencyKeys {
  readonly #entries = new Map<string, Entry>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** The first answer to a key is the answer to all of them. Throws a `Refusal` (409), and what `respond` throws. */
  async once(key: string, respond: () => Promise<Response>): Promise<Response> {
    const known = this.#entries.get(key);
    if (known !== undefined && this.#nowMs() - known.atMs < KEPT_MS) {
      if (known.answer !== undefined) return again(known.answer);
      throw refused(409, 'idempotency_key_in_use', 'A request with this Idempotency-Key is being processed.');
    }
    const entry = this.#begin(key);
    try {
      const response = await respond();
      entry.answer = {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: await response.text(),
      };
      return again(entry.answer);
    } catch (error) {
      this.#entries.delete(key);
      throw error;
    }
  }

  #begin(key: string): Entry {
    this.#entries.delete(key);
    if (this.#entries.size >= MAX_KEYS) {
      const [oldest] = this.#entries.keys();
      if (oldest !== undefined) this.#entries.delete(oldest);
    }
    const entry: Entry = { atMs: this.#nowMs(), answer: undefined };
    this.#entries.set(key, entry);
    return entry;
  }
}

function again({ status, headers, body }: KeptAnswer): Response {
  return new Response(body === '' ? null : body, { status, headers });
}
