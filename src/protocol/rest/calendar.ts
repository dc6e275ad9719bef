/** Calendar V2: calendars, their events, and bots for events, as the vendor's OpenAPI document has them. */
import { z } from 'zod';
import { cursorSchema } from './lists.ts';
import { dateSchema } from './shapes.ts';

const MAX_TEXT = 2_000;
const text = z.string().min(1).max(MAX_TEXT);
const url = text.refine((value) => URL.canParse(value), { error: 'Enter a valid URL.' });
const email = text.refine((value) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value), {
  error: 'Enter a valid email address.',
});

export const CALENDAR_PLATFORMS = ['google_calendar', 'microsoft_outlook'] as const;
export type CalendarPlatform = (typeof CALENDAR_PLATFORMS)[number];
export const CALENDAR_STATUSES = ['connecting', 'connected', 'disconnected'] as const;
export type CalendarStatus = (typeof CALENDAR_STATUSES)[number];

/** `POST /api/v2/calendars/` */
export const createCalendarSchema = z.looseObject({
  oauth_client_id: text,
  oauth_client_secret: text,
  oauth_refresh_token: text,
  platform: z.enum(CALENDAR_PLATFORMS),
  webhook_url: url.optional(),
  oauth_email: email.optional(),
});
/** `PATCH /api/v2/calendars/{id}/` */
export const updateCalendarSchema = createCalendarSchema.partial();
export type CreateCalendar = z.infer<typeof createCalendarSchema>;
export type UpdateCalendar = z.infer<typeof updateCalendarSchema>;

export const calendarSchema = z.object({
  id: z.uuid(),
  oauth_client_id: z.string(),
  oauth_client_secret: z.string(),
  oauth_refresh_token: z.string(),
  platform: z.enum(CALENDAR_PLATFORMS),
  webhook_url: z.string().optional(),
  oauth_email: z.string().optional(),
  platform_email: z.string().nullable(),
  status: z.enum(CALENDAR_STATUSES),
  status_changes: z.array(z.object({ status: z.enum(CALENDAR_STATUSES), created_at: dateSchema })),
  created_at: dateSchema,
  updated_at: dateSchema,
});
export type Calendar = z.infer<typeof calendarSchema>;
export const calendarListSchema = cursorSchema(calendarSchema);

/** `POST /api/v2/calendars/{id}/access-token/` */
export const accessTokenSchema = z.object({ token: z.string(), expires_at: dateSchema });

export const calendarEventSchema = z.object({
  id: z.uuid(),
  start_time: dateSchema,
  end_time: dateSchema,
  calendar_id: z.uuid(),
  raw: z.looseObject({}),
  platform: z.enum(CALENDAR_PLATFORMS),
  platform_id: z.string(),
  ical_uid: z.string(),
  meeting_platform: z.string().nullable(),
  meeting_url: z.string().nullable(),
  created_at: dateSchema,
  updated_at: dateSchema,
  is_deleted: z.boolean(),
  bots: z.array(
    z.object({
      bot_id: z.uuid(),
      start_time: dateSchema,
      deduplication_key: z.string(),
      meeting_url: z.string(),
    }),
  ),
});
export type CalendarEvent = z.infer<typeof calendarEventSchema>;
export const calendarEventListSchema = cursorSchema(calendarEventSchema);

/** `POST /api/v2/calendar-events/{id}/bot/`: `bot_config` is the body of a new bot, which need not say where and when. */
export const calendarEventBotSchema = z.looseObject({
  deduplication_key: text,
  bot_config: z.looseObject({}),
});
export type CalendarEventBot = z.infer<typeof calendarEventBotSchema>;
