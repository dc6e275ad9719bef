/**
 * Bots that are scheduled for calendar events. Events with the same deduplication key share one; it goes when no event has it
 * any more ("Scheduling Guide", 2025-06).
 */
import { createBotSchema } from '../../protocol/rest/bot-requests.ts';
import type { CalendarEvent, CalendarEventBot } from '../../protocol/rest/calendar.ts';
import { validationErrors } from '../../protocol/rest/validation-errors.ts';
import { statusOf } from '../store/records.ts';
import { Refusal, refused } from './refusal.ts';
import type { Workspace } from './workspace.ts';

interface ScheduledBot {
  readonly botId: string;
  readonly key: string;
  /** Calendar events that have it. */
  readonly eventIds: Set<string>;
}

export class EventBots {
  readonly #workspace: Workspace;
  #scheduled: ScheduledBot[] = [];
  /** Keys for which a bot is being made or changed. */
  readonly #busy = new Set<string>();

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** As the event lists them, those that have been in their call included. */
  of(eventId: string): CalendarEvent['bots'] {
    const { store } = this.#workspace.context;
    return this.#scheduled
      .filter(({ eventIds }) => eventIds.has(eventId))
      .flatMap(({ botId, key }) => {
        const request = store.state(botId)?.bot.request;
        if (request?.join_at == null) return [];
        const { join_at, meeting_url } = request;
        return [
          { bot_id: botId, start_time: new Date(join_at).toISOString(), deduplication_key: key, meeting_url },
        ];
      });
  }

  /**
   * A bot for an event; one that its key has already, and that still waits for its time, is changed to what is asked for now.
   * Throws a `Refusal`: 400 for what makes no bot, 409 while the same key is being handled.
   */
  async schedule(
    event: CalendarEvent,
    { deduplication_key: key, bot_config }: CalendarEventBot,
  ): Promise<void> {
    if (event.is_deleted)
      throw refused(400, 'calendar_event_deleted', 'The calendar event has been deleted.');
    const asked = {
      ...bot_config,
      meeting_url: bot_config.meeting_url ?? event.meeting_url ?? undefined,
      join_at: event.start_time,
    };
    const request = createBotSchema.safeParse(asked);
    if (!request.success) throw new Refusal(400, { bot_config: validationErrors(request.error, asked) });
    if (this.#busy.has(key))
      throw refused(409, 'conflict', 'Another request with this deduplication_key is being processed.');
    this.#busy.add(key);
    const { store } = this.#workspace.context;
    try {
      const known = this.#waiting(key);
      if (known === undefined) {
        const { id } = await this.#workspace.createBot(request.data);
        // Apps may have deleted bots by themselves.
        this.#scheduled = this.#scheduled.filter(({ botId }) => store.state(botId) !== undefined);
        this.#scheduled.push({ botId: id, key, eventIds: new Set([event.id]) });
        await this.#workspace.saved(id);
      } else {
        await this.#workspace.updateBot(this.#workspace.record(known.botId), request.data);
        known.eventIds.add(event.id);
        await this.#workspace.saved(known.botId);
      }
    } finally {
      this.#busy.delete(key);
    }
  }

  /** Takes the event's bots away, those that still wait for their time. */
  unschedule(eventId: string): void {
    const { store } = this.#workspace.context;
    for (const each of this.#scheduled.filter(({ eventIds }) => eventIds.has(eventId))) {
      const bot = store.state(each.botId)?.bot;
      if (bot !== undefined && statusOf(bot) !== 'ready') continue;
      each.eventIds.delete(eventId);
      if (each.eventIds.size > 0) continue;
      this.#scheduled.splice(this.#scheduled.indexOf(each), 1);
      if (bot !== undefined) this.#workspace.cancelBot(bot);
    }
  }

  #waiting(key: string): ScheduledBot | undefined {
    const { store } = this.#workspace.context;
    return this.#scheduled.find((each) => {
      const bot = each.key === key ? store.state(each.botId)?.bot : undefined;
      return bot !== undefined && statusOf(bot) === 'ready';
    });
  }
}
