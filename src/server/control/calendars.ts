/** What people do to the calendars that an app has connected: events come, move and go, and a connection is lost. */
import { z } from 'zod';
import { parseMeetingUrl } from '../../protocol/rest/meeting-url.ts';
import type { Calendars } from '../bot/calendars.ts';
import { notFound, refused } from '../bot/refusal.ts';
import { type ControlOperation, type ControlRequest, operation } from './operation.ts';

const MAX_TEXT = 1_000;
const text = z.string().max(MAX_TEXT);
const date = z.iso.datetime({ offset: true }).transform((value) => new Date(value).toISOString());
const meetingUrl = text.refine((value) => parseMeetingUrl(value) !== undefined, {
  error: 'The meeting URL is not one of a supported platform.',
});

const fields = {
  start_time: date,
  end_time: date,
  meeting_url: meetingUrl.nullable(),
  title: text,
  organizer: z.email(),
  attendees: z.array(z.email()).max(1_000),
  ical_uid: text.min(1),
};
const addSchema = z.strictObject({
  ...fields,
  end_time: date.optional(),
  meeting_url: fields.meeting_url.default(null),
  title: text.default('Meeting'),
  organizer: fields.organizer.default('organizer@example.com'),
  attendees: fields.attendees.default([]),
  ical_uid: fields.ical_uid.optional(),
});
const changeSchema = z.strictObject(fields).partial();

const HALF_HOUR_MS = 1_800_000;

function calendarsWith({ scope }: ControlRequest, has: (calendars: Calendars) => boolean): Calendars {
  const keyed = scope.workspaces.find(({ calendars }) => has(calendars));
  if (keyed === undefined) throw notFound('There is no such calendar, or event.');
  return keyed.calendars;
}

const ofCalendar = (request: ControlRequest): Calendars =>
  calendarsWith(request, (all) => all.calendars().some(({ id }) => id === request.params.id));
const ofEvent = (request: ControlRequest): Calendars =>
  calendarsWith(request, (all) => all.hasEvent(request.params.id ?? ''));

function checkTimes(start: string, end: string): void {
  if (Date.parse(end) <= Date.parse(start))
    throw refused(400, 'invalid_times', 'An event ends after it starts: give another end_time.');
}

export const calendars: readonly ControlOperation[] = [
  operation({
    method: 'POST',
    path: '/calendars/{id}/events',
    summary: 'Somebody puts an event into their calendar',
    body: addSchema,
    handle(request) {
      const all = ofCalendar(request);
      const { start_time, ...entry } = request.body;
      const end_time = entry.end_time ?? new Date(Date.parse(start_time) + HALF_HOUR_MS).toISOString();
      checkTimes(start_time, end_time);
      const event = all.addEvent(all.calendar(request.params.id!), { ...entry, start_time, end_time });
      return { status: 201, body: event };
    },
  }),
  operation({
    method: 'POST',
    path: '/calendar-events/{id}',
    summary: 'Somebody moves an event, or changes it',
    body: changeSchema,
    handle(request) {
      const all = ofEvent(request);
      const event = all.event(request.params.id!);
      const { body } = request;
      // Who moves the start moves the end with it.
      const lengthMs = Date.parse(event.end_time) - Date.parse(event.start_time);
      const start_time = body.start_time ?? event.start_time;
      const end_time = body.end_time ?? new Date(Date.parse(start_time) + lengthMs).toISOString();
      checkTimes(start_time, end_time);
      const change = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
      return { body: all.changeEvent(event.id, { ...change, start_time, end_time }) };
    },
  }),
  operation({
    method: 'DELETE',
    path: '/calendar-events/{id}',
    summary: 'Somebody deletes an event: its scheduled bots go',
    handle: (request) => ({ body: ofEvent(request).deleteEvent(request.params.id!) }),
  }),
  operation({
    method: 'POST',
    path: '/calendars/{id}/disconnect',
    summary: "The calendar's credentials do not work any more",
    handle(request) {
      const all = ofCalendar(request);
      return { body: all.setStatus(all.calendar(request.params.id!), 'disconnected') };
    },
  }),
];
