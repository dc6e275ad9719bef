/** An event as the provider of its calendar describes it: `raw`, with all fields that the vendor's document requires. */
import type { CalendarPlatform } from '../../protocol/rest/calendar.ts';

/** What people have written into their calendar. Times are ISO 8601. */
export interface CalendarEntry {
  readonly title: string;
  readonly start_time: string;
  readonly end_time: string;
  readonly meeting_url: string | null;
  readonly ical_uid: string;
  readonly organizer: string;
  readonly attendees: readonly string[];
}

interface Stamp {
  readonly id: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export function rawEvent(
  platform: CalendarPlatform,
  entry: CalendarEntry,
  stamp: Stamp,
): Readonly<Record<string, unknown>> {
  return platform === 'google_calendar' ? googleEvent(entry, stamp) : outlookEvent(entry, stamp);
}

function googleEvent(entry: CalendarEntry, { id, createdAt, updatedAt }: Stamp) {
  const start = { dateTime: entry.start_time, timeZone: 'UTC' };
  return {
    kind: 'calendar#event',
    id,
    etag: `"${Date.parse(updatedAt)}"`,
    status: 'confirmed',
    created: createdAt,
    updated: updatedAt,
    creator: { email: entry.organizer },
    organizer: { email: entry.organizer },
    iCalUID: entry.ical_uid,
    summary: entry.title,
    htmlLink: `https://calendar.google.com/event?eid=${id}`,
    sequence: 0,
    attendees: entry.attendees.map((email) => ({ email, responseStatus: 'accepted' })),
    eventType: 'default',
    reminders: { useDefault: true },
    start,
    end: { dateTime: entry.end_time, timeZone: 'UTC' },
    recurringEventId: id,
    originalStartTime: start,
  };
}

// Long: one field after the other, as the vendor's document requires them.
function outlookEvent(entry: CalendarEntry, { id, createdAt, updatedAt }: Stamp) {
  const person = (address: string) => ({ name: address, address });
  return {
    '@odata.type': '#microsoft.graph.event',
    '@odata.etag': `W/"${Date.parse(updatedAt)}"`,
    id,
    uid: entry.ical_uid,
    iCalUId: entry.ical_uid,
    type: 'singleInstance',
    subject: entry.title,
    body: { content: entry.meeting_url ?? '', contentType: 'text' },
    start: { dateTime: entry.start_time, timeZone: 'UTC' },
    end: { dateTime: entry.end_time, timeZone: 'UTC' },
    originalStartTimeZone: 'UTC',
    originalEndTimeZone: 'UTC',
    createdDateTime: createdAt,
    lastModifiedDateTime: updatedAt,
    organizer: { emailAddress: person(entry.organizer) },
    attendees: entry.attendees.map((address) => ({ type: 'required', emailAddress: person(address) })),
    responseStatus: { response: 'organizer', time: createdAt },
    responseRequested: true,
    showAs: 'busy',
    importance: 'normal',
    sensitivity: 'normal',
    webLink: `https://outlook.office365.com/owa/?itemid=${id}`,
    isAllDay: false,
    isCancelled: false,
    isOrganizer: true,
    isReminderOn: true,
    reminderMinutesBeforeStart: 15,
    hideAttendees: false,
    hasAttachments: false,
    onlineMeetingProvider: 'unknown',
    recurrence: null,
    seriesMasterId: id,
    transactionId: id,
  };
}
