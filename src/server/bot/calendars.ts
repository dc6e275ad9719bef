/**
 * Calendars of a workspace and their events (Calendar V2). People add, move and delete events, which the control API does for
 * them; an app is told of it by webhook and schedules bots for events ("Scheduling Guide", 2025-06). All of it is in memory:
 * a data folder keeps the bots.
 */
import type {
  Calendar,
  CalendarEvent,
  CalendarStatus,
  CreateCalendar,
  UpdateCalendar,
} from '../../protocol/rest/calendar.ts';
import { parseMeetingUrl } from '../../protocol/rest/meeting-url.ts';
import type { EventBots } from './calendar-bots.ts';
import { type CalendarEntry, rawEvent } from './calendar-raw.ts';
import type { BotContext } from './context.ts';
import { notFound, Refusal, refused } from './refusal.ts';

/** Of a workspace. Whoever makes more fills our memory. */
const MAX_CALENDARS = 1_000;
const MAX_EVENTS = 10_000;

const TOKEN_MS = 3_600_000;

export class Calendars {
  readonly #context: BotContext;
  readonly #bots: EventBots;
  readonly #calendars = new Map<string, Calendar>();
  readonly #entries = new Map<string, CalendarEntry>();
  readonly #events = new Map<string, CalendarEvent>();
  #made = 0;

  constructor(context: BotContext, bots: EventBots) {
    this.#context = context;
    this.#bots = bots;
  }

  /** Newest first. */
  calendars(): Calendar[] {
    return [...this.#calendars.values()].reverse();
  }

  /** Newest first, deleted ones included, without their bots: `event` has those. */
  events(): CalendarEvent[] {
    return [...this.#events.values()].reverse();
  }

  /** Throws a `Refusal` (404), as the other lookup does. */
  calendar(id: string): Calendar {
    const calendar = this.#calendars.get(id);
    if (calendar === undefined) throw notFound();
    return calendar;
  }

  event(id: string): CalendarEvent {
    const event = this.#events.get(id);
    if (event === undefined) throw notFound();
    return this.#withBots(event);
  }

  hasEvent(id: string): boolean {
    return this.#events.has(id);
  }

  /** **Our choice**: it is connected at once, and its first sync finds nothing. Throws a `Refusal` when there are too many. */
  create(asked: CreateCalendar): Calendar {
    if (this.#calendars.size >= MAX_CALENDARS)
      throw refused(400, 'too_many_calendars', `There are ${MAX_CALENDARS} calendars: delete some.`);
    const now = this.#now();
    const calendar: Calendar = {
      ...settingsOf(asked),
      id: this.#newId('calendar'),
      platform_email: asked.oauth_email ?? null,
      status: 'connected',
      status_changes: (['connecting', 'connected'] as const).map((status) => ({ status, created_at: now })),
      created_at: now,
      updated_at: now,
    };
    this.#calendars.set(calendar.id, calendar);
    this.#tell('calendar.update', calendar.id);
    this.#tell('calendar.sync_events', calendar.id, {
      last_updated_ts: this.#context.calendar.nowInEvents(),
    });
    return calendar;
  }

  /** New credentials connect it again. */
  update(calendar: Calendar, change: UpdateCalendar): Calendar {
    // JSON has no undefined: a field that is there has a value.
    const settings = settingsOf({ ...calendar, ...change } as CreateCalendar);
    const changed: Calendar = {
      ...calendar,
      ...settings,
      platform_email: settings.oauth_email ?? calendar.platform_email,
      updated_at: this.#now(),
    };
    this.#calendars.set(calendar.id, changed);
    if (change.oauth_refresh_token !== undefined && changed.status !== 'connected')
      return this.setStatus(changed, 'connected');
    this.#tell('calendar.update', calendar.id);
    return changed;
  }

  setStatus(calendar: Calendar, status: CalendarStatus): Calendar {
    const now = this.#now();
    const status_changes = [...calendar.status_changes, { status, created_at: now }];
    const changed: Calendar = { ...calendar, status, status_changes, updated_at: now };
    this.#calendars.set(calendar.id, changed);
    this.#tell('calendar.update', calendar.id);
    return changed;
  }

  /** Bots that are scheduled for its events, and for no others, go with it. */
  remove({ id }: Calendar): void {
    for (const event of [...this.#events.values()].filter(({ calendar_id }) => calendar_id === id)) {
      this.#bots.unschedule(event.id);
      this.#events.delete(event.id);
      this.#entries.delete(event.id);
    }
    this.#calendars.delete(id);
  }

  /** Throws a `Refusal` (400) for a calendar that is not connected. */
  accessToken({ id, status }: Calendar): { readonly token: string; readonly expires_at: string } {
    if (status !== 'connected') {
      // The document has a shape of its own for this error.
      const message = 'The calendar is not connected: its refresh token does not work.';
      throw new Refusal(400, { code: 'bad_refresh_token', message });
    }
    const { calendar, ids } = this.#context;
    return {
      token: `emulated-${ids.uuid(`access token ${id} ${this.#made++}`)}`,
      expires_at: new Date(calendar.nowMs() + TOKEN_MS).toISOString(),
    };
  }

  /** Somebody puts an event into their calendar. Throws a `Refusal` when there are too many. */
  addEvent(
    calendar: Calendar,
    entry: Omit<CalendarEntry, 'ical_uid'> & { ical_uid?: string | undefined },
  ): CalendarEvent {
    if (this.#events.size >= MAX_EVENTS)
      throw refused(409, 'too_many_events', `There are ${MAX_EVENTS} calendar events: delete a calendar.`);
    const id = this.#newId('calendar event');
    const now = this.#now();
    const whole = { ...entry, ical_uid: entry.ical_uid ?? `${id}@recall-emulator` };
    return this.#put(calendar, whole, { id, created_at: now, is_deleted: false });
  }

  /** Somebody changes it. Its bots stay as they were until the app schedules them again. */
  changeEvent(id: string, change: Partial<CalendarEntry>): CalendarEvent {
    const event = this.event(id);
    return this.#put(this.calendar(event.calendar_id), { ...this.#entries.get(id)!, ...change }, event);
  }

  /** Somebody deletes it: it stays listed as deleted, and its bots go. */
  deleteEvent(id: string): CalendarEvent {
    const event = this.event(id);
    this.#bots.unschedule(id);
    return this.#put(this.calendar(event.calendar_id), this.#entries.get(id)!, {
      ...event,
      is_deleted: true,
    });
  }

  #put(
    { id: calendar_id, platform }: Calendar,
    entry: CalendarEntry,
    { id, created_at, is_deleted }: Pick<CalendarEvent, 'id' | 'created_at' | 'is_deleted'>,
  ): CalendarEvent {
    const updated_at = this.#now();
    const { start_time, end_time, meeting_url, ical_uid } = entry;
    const platformId = id.replaceAll('-', '');
    const event: CalendarEvent = {
      id,
      start_time,
      end_time,
      calendar_id,
      raw: rawEvent(platform, entry, { id: platformId, createdAt: created_at, updatedAt: updated_at }),
      platform,
      platform_id: platformId,
      ical_uid,
      meeting_platform: (meeting_url === null ? undefined : parseMeetingUrl(meeting_url)?.platform) ?? null,
      meeting_url,
      created_at,
      updated_at,
      is_deleted,
      bots: [],
    };
    this.#entries.set(id, entry);
    this.#events.set(id, event);
    this.#tell('calendar.sync_events', calendar_id, {
      last_updated_ts: this.#context.calendar.nowInEvents(),
    });
    return this.#withBots(event);
  }

  #withBots(event: CalendarEvent): CalendarEvent {
    return { ...event, bots: this.#bots.of(event.id) };
  }

  #tell(event: string, calendar_id: string, more: Readonly<Record<string, unknown>> = {}): void {
    // No bot is meant.
    this.#context.webhooks.status('', { event, data: { calendar_id, ...more } });
  }

  #now(): string {
    return this.#context.calendar.now();
  }

  #newId(kind: string): string {
    return this.#context.ids.uuid(`${kind} ${this.#made++}`);
  }
}

/** What an app sets. */
function settingsOf(asked: CreateCalendar) {
  const { oauth_client_id, oauth_client_secret, oauth_refresh_token, platform, webhook_url, oauth_email } =
    asked;
  return {
    oauth_client_id,
    oauth_client_secret,
    oauth_refresh_token,
    platform,
    ...(webhook_url === undefined ? {} : { webhook_url }),
    ...(oauth_email === undefined ? {} : { oauth_email }),
  };
}
