/** Calendar V2: `calendars` and `calendar-events`. What people do to their calendars is in the control API. */
import {
  accessTokenSchema,
  CALENDAR_PLATFORMS,
  CALENDAR_STATUSES,
  calendarEventBotSchema,
  calendarEventListSchema,
  calendarEventSchema,
  calendarListSchema,
  calendarSchema,
  createCalendarSchema,
  updateCalendarSchema,
} from '../../../protocol/rest/calendar.ts';
import { byCursor, dateOf, filtered } from '../lists.ts';
import { type Operation, operation } from '../operation.ts';

const CALENDARS = '/api/v2/calendars/';
const EVENTS = '/api/v2/calendar-events/';
const tag = 'Calendar V2';

const calendars: readonly Operation[] = [
  operation({
    id: 'list_calendars',
    method: 'GET',
    path: CALENDARS,
    tag,
    summary: 'List calendars, newest first',
    query: ['created_at__gte', 'cursor', 'email', 'platform', 'status'],
    choices: { platform: CALENDAR_PLATFORMS, status: CALENDAR_STATUSES },
    answers: { 200: calendarListSchema },
    handle({ calendars: all, query, url }) {
      const since = dateOf(query, 'created_at__gte') ?? Number.NEGATIVE_INFINITY;
      const matching = filtered(all.calendars(), query, {
        email: ({ platform_email }, values) => platform_email !== null && values.includes(platform_email),
        platform: ({ platform }, values) => values.includes(platform),
        status: ({ status }, values) => values.includes(status),
      }).filter(({ created_at }) => Date.parse(created_at) >= since);
      return { status: 200, body: byCursor(matching, query, url) };
    },
  }),
  operation({
    id: 'create_calendar',
    method: 'POST',
    path: CALENDARS,
    tag,
    summary: 'Connect a calendar',
    body: createCalendarSchema,
    answers: { 201: calendarSchema },
    handle: ({ calendars: all, body }) => ({ status: 201, body: all.create(body) }),
  }),
  operation({
    id: 'retrieve_calendar',
    method: 'GET',
    path: `${CALENDARS}{id}/`,
    tag,
    summary: 'Retrieve a calendar',
    answers: { 200: calendarSchema },
    handle: ({ calendars: all, params }) => ({ status: 200, body: all.calendar(params.id ?? '') }),
  }),
  operation({
    id: 'update_calendar',
    method: 'PATCH',
    path: `${CALENDARS}{id}/`,
    tag,
    summary: 'Change a calendar',
    body: updateCalendarSchema,
    answers: { 200: calendarSchema },
    handle: ({ calendars: all, params, body }) => ({
      status: 200,
      body: all.update(all.calendar(params.id ?? ''), body),
    }),
  }),
  operation({
    id: 'delete_calendar',
    method: 'DELETE',
    path: `${CALENDARS}{id}/`,
    tag,
    summary: 'Delete a calendar, and the bots that are scheduled for its events',
    answers: { 204: undefined },
    handle({ calendars: all, params }) {
      all.remove(all.calendar(params.id ?? ''));
      return { status: 204 };
    },
  }),
  operation({
    id: 'create_calendar_access_token',
    method: 'POST',
    path: `${CALENDARS}{id}/access-token/`,
    tag,
    summary: "A token for the calendar's provider; nobody takes it",
    answers: { 200: accessTokenSchema },
    handle: ({ calendars: all, params }) => ({
      status: 200,
      body: all.accessToken(all.calendar(params.id ?? '')),
    }),
  }),
];

const calendarEvents: readonly Operation[] = [
  operation({
    id: 'list_calendar_events',
    method: 'GET',
    path: EVENTS,
    tag,
    summary: 'List calendar events, newest first',
    query: [
      'calendar_id',
      'cursor',
      'ical_uid',
      'is_deleted',
      'start_time',
      'start_time__gte',
      'start_time__lte',
      'updated_at__gte',
    ],
    choices: { is_deleted: ['true', 'false', 'True', 'False', '1', '0'] },
    answers: { 200: calendarEventListSchema },
    handle({ calendars: all, query, url }) {
      const startsAt = dateOf(query, 'start_time');
      const from = dateOf(query, 'start_time__gte') ?? Number.NEGATIVE_INFINITY;
      const to = dateOf(query, 'start_time__lte') ?? Number.POSITIVE_INFINITY;
      const since = dateOf(query, 'updated_at__gte') ?? Number.NEGATIVE_INFINITY;
      const matching = filtered(all.events(), query, {
        calendar_id: ({ calendar_id }, values) => values.includes(calendar_id),
        ical_uid: ({ ical_uid }, values) => values.some((value) => ical_uid.startsWith(value)),
        is_deleted: ({ is_deleted }, values) =>
          values.some((value) => /^(true|1)$/i.test(value) === is_deleted),
      }).filter(({ start_time, updated_at }) => {
        const start = Date.parse(start_time);
        return (
          (startsAt ?? start) === start && start >= from && start <= to && Date.parse(updated_at) >= since
        );
      });
      const page = byCursor(matching, query, url);
      return { status: 200, body: { ...page, results: page.results.map(({ id }) => all.event(id)) } };
    },
  }),
  operation({
    id: 'retrieve_calendar_event',
    method: 'GET',
    path: `${EVENTS}{id}/`,
    tag,
    summary: 'Retrieve a calendar event',
    answers: { 200: calendarEventSchema },
    handle: ({ calendars: all, params }) => ({ status: 200, body: all.event(params.id ?? '') }),
  }),
  operation({
    id: 'schedule_calendar_event_bot',
    method: 'POST',
    path: `${EVENTS}{id}/bot/`,
    tag,
    summary: 'Schedule a bot for a calendar event, or change the one that is',
    body: calendarEventBotSchema,
    answers: { 200: calendarEventSchema },
    async handle({ calendars: all, eventBots, params, body }) {
      const event = all.event(params.id ?? '');
      await eventBots.schedule(event, body);
      return { status: 200, body: all.event(event.id) };
    },
  }),
  operation({
    id: 'unschedule_calendar_event_bot',
    method: 'DELETE',
    path: `${EVENTS}{id}/bot/`,
    tag,
    summary: 'Take the scheduled bots of a calendar event away',
    answers: { 200: calendarEventSchema },
    handle({ calendars: all, eventBots, params }) {
      const { id } = all.event(params.id ?? '');
      eventBots.unschedule(id);
      return { status: 200, body: all.event(id) };
    },
  }),
];

export const calendarV2: readonly Operation[] = [...calendars, ...calendarEvents];
