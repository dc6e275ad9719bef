/**
 * What may still be done with a bot that waits for its `join_at`. Some time before it the bot is launched: it cannot be changed
 * any more ("Scheduling Bots", 2026), and leaves by being told to instead of being deleted ("Scheduling Bots Best Practices", 2026).
 */
import type { UpdateBot } from '../../protocol/rest/bot-requests.ts';
import type { BotRecord } from '../store/records.ts';
import type { Calendar } from './context.ts';
import { type Refusal, refused } from './refusal.ts';

export class ScheduleRules {
  readonly #cutoffSeconds: number;
  readonly #calendar: Pick<Calendar, 'nowMs'>;

  constructor(cutoffSeconds: number, calendar: Pick<Calendar, 'nowMs'>) {
    this.#cutoffSeconds = cutoffSeconds;
    this.#calendar = calendar;
  }

  /** Whether a bot that has not joined yet is on its way to a time that it was given. */
  isLaunched({ request: { join_at } }: BotRecord): boolean {
    return join_at != null && this.#isClose(join_at);
  }

  /** Throws a `Refusal` (400) for a bot, and for a new time, that is too close. */
  checkUpdate({ request }: BotRecord, { join_at: newTime }: UpdateBot): void {
    if (this.#isClose(request.join_at))
      throw updateFailed(`A bot cannot be changed within ${this.#cutoffSeconds} seconds of its join_at.`);
    if (newTime !== undefined && this.#isClose(newTime)) {
      throw updateFailed(
        `A new join_at is at least ${this.#cutoffSeconds} seconds from now: delete the bot and create another.`,
      );
    }
  }

  /** Throws a `Refusal` (405) for a bot that has been launched. */
  checkDelete(record: BotRecord): void {
    if (this.isLaunched(record)) throw cannotDelete('The bot is about to join: tell it to leave its call.');
  }

  /** Without a time it is now. */
  #isClose(joinAt: string | null | undefined): boolean {
    if (this.#cutoffSeconds === 0) return false;
    const leftMs = joinAt == null ? 0 : Date.parse(joinAt) - this.#calendar.nowMs();
    return leftMs < this.#cutoffSeconds * 1_000;
  }
}

/** The documented code of a change that comes too late. */
export function updateFailed(detail: string): Refusal {
  return refused(400, 'update_bot_failed', detail);
}

export function cannotDelete(detail: string): Refusal {
  return refused(405, 'cannot_delete_dispatched_bot', detail);
}
