/**
 * What one real-time event is to this package. Each family of events has a file that defines its events so; the table of all of
 * them is `REALTIME_EVENTS`.
 */
import type { z } from 'zod';

/** How an event can reach an application ("Real-Time Endpoints"). */
export type EventTransport = 'websocket' | 'webhook';

/** The media object of the recording that an event belongs to. */
export interface EventArtifact {
  /** Its field beside `data.data` in the message, which is also its kind in the API. */
  readonly ref: string;
  /** Its part of `recording_config`. */
  readonly config: string;
  /** Whether endpoints may ask for the event only when that part is set. */
  readonly required: boolean;
}

/** What is known of an event by its name. */
export interface EventEntry {
  readonly name: string;
  readonly artifact: EventArtifact;
  readonly transports: readonly EventTransport[];
}

/** An event that is read and written here. */
export interface EventDefinition<Event extends { readonly event: string }> extends EventEntry {
  readonly name: Event['event'];
  /** For reading: unknown fields pass. */
  readonly schema: z.ZodType<Event>;
  /** For writing: unknown fields are errors. */
  readonly strict: z.ZodType;
}
