/**
 * How many requests a workspace may make in a minute, as the vendor's OpenAPI document has it (`x-throttles`, 2026): more
 * are answered with 429. The minute is one of the emulator's clock.
 */
import { Refusal } from '../bot/refusal.ts';
import type { Operation } from './operation.ts';

const MINUTE_MS = 60_000;

/** By operation, where it is not what others of its kind have. */
const OWN: Readonly<Record<string, number>> = {
  create_bot: 60,
  create_transcript: 5,
  retrieve_usage: 5,
  schedule_calendar_event_bot: 600,
  unschedule_calendar_event_bot: 600,
};

/** Operations that are counted for each bot, not for the workspace. */
const BY_BOT: readonly string[] = ['create_transcript'];

/** Requests a minute: lists have 60, most others 300. */
export function limitOf({ id, method, path }: Pick<Operation, 'id' | 'method' | 'path'>): number {
  return OWN[id] ?? (method === 'GET' && !path.includes('{') ? 60 : 300);
}

export class RateLimits {
  readonly #nowMs: () => number;
  /** Times of the requests of the last minute, oldest first, by operation and bot. */
  readonly #taken = new Map<string, number[]>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Counts a request. `botId`: that of what the path names. Throws a `Refusal` (429), which is not counted. */
  take(operation: Pick<Operation, 'id' | 'method' | 'path'>, botId: string | undefined): void {
    const now = this.#nowMs();
    const key = BY_BOT.includes(operation.id) ? `${operation.id} ${botId ?? ''}` : operation.id;
    const recent = (this.#taken.get(key) ?? []).filter((at) => now - at < MINUTE_MS);
    this.#taken.set(key, recent);
    if (recent.length < limitOf(operation)) {
      recent.push(now);
      return;
    }
    const seconds = Math.max(1, Math.ceil((recent[0]! + MINUTE_MS - now) / 1_000));
    const detail = `Request was throttled. Expected available in ${seconds} second${seconds === 1 ? '' : 's'}.`;
    throw new Refusal(429, { code: 'throttled', detail }, { 'Retry-After': String(seconds) });
  }
}
