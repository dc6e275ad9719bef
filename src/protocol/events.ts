/** The table of all real-time events that this package knows, and how to read one that came from outside. */
import { z } from 'zod';
import type { Problem } from '../errors.ts';
import { audioMixedEvent } from './audio-mixed.ts';
import { type AudioSeparateRawData, audioSeparateEvent } from './audio-separate.ts';
import type { EventDefinition, EventEntry, EventTransport } from './event.ts';
import { described, namesOf, publishedSchema } from './json-schema.ts';
import { participantSchema } from './participant.ts';
import { isParticipantEventName, type ParticipantEvent, participantEvents } from './participant-events.ts';
import { resourceRefSchema } from './resource.ts';
import { timestampSchema } from './timestamp.ts';
import { transcriptEvents, transcriptProviderEvent } from './transcript.ts';
import { isUsualAudio } from './usual-audio.ts';
import { videoSeparateH264Event } from './video-separate-h264.ts';
import { type VideoSeparatePngData, videoSeparatePngEvent } from './video-separate-png.ts';

/** Every event that is read and written. To add one: write its file, and name it here (CONTRIBUTING.md). */
export const REALTIME_EVENTS = [
  audioSeparateEvent,
  audioMixedEvent,
  videoSeparatePngEvent,
  ...transcriptEvents,
  ...participantEvents,
] as const;

/** Recall has these, too: an endpoint may ask for them. Their bodies are not documented: they are not read, and `play` sends none. */
const NAMED_ONLY: readonly EventEntry[] = [transcriptProviderEvent, videoSeparateH264Event];

type EventOf<Definition> = Definition extends EventDefinition<infer Event> ? Event : never;

/** Any event of the table. */
export type RealtimeEvent = EventOf<(typeof REALTIME_EVENTS)[number]>;

const definitions: readonly (EventEntry & { readonly schema: z.ZodType<RealtimeEvent> })[] = REALTIME_EVENTS;
const schemas: ReadonlyMap<string, z.ZodType<RealtimeEvent>> = new Map(
  definitions.map(({ name, schema }) => [name, schema]),
);

/** For reading any event: unknown fields pass. */
export const realtimeEventSchema: z.ZodType<RealtimeEvent> = z.discriminatedUnion(
  'event',
  // The table's type says what an event is, and no more how its schema is made.
  [...schemas.values()] as unknown as [z.ZodObject],
) as unknown as z.ZodType<RealtimeEvent>;

/** The names of all events that can be sent. */
export const REALTIME_EVENT_NAMES: readonly string[] = definitions.map(({ name }) => name);

/** Events by their names, with those that an endpoint may ask for and never gets. */
const entries: ReadonlyMap<string, EventEntry> = new Map(
  [...definitions, ...NAMED_ONLY].map((entry) => [entry.name, entry]),
);

/** What endpoints of a kind may ask for. */
export function eventNamesFor(transport: EventTransport): readonly string[] {
  return [...entries.values()]
    .filter(({ transports }) => transports.includes(transport))
    .map(({ name }) => name);
}

/** The table's line of an event; undefined for a name that Recall does not have. */
export function eventEntry(name: string): EventEntry | undefined {
  return entries.get(name);
}

export function isAudioSeparate(event: RealtimeEvent): event is AudioSeparateRawData {
  return event.event === audioSeparateEvent.name;
}

export function isVideoSeparate(event: RealtimeEvent): event is VideoSeparatePngData {
  return event.event === videoSeparatePngEvent.name;
}

export function isParticipantEvent(event: RealtimeEvent): event is ParticipantEvent {
  return isParticipantEventName(event.event);
}

/** What a message turned out to be. An event of a name we do not know is no error: Recall may add some. */
export type ReadResult =
  | { readonly kind: 'event'; readonly event: RealtimeEvent }
  | { readonly kind: 'unknown'; readonly name: string }
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] };

/** Reads a parsed JSON value as a real-time event. Never throws. */
export function readRealtimeEvent(value: unknown): ReadResult {
  const name = nameOf(value);
  if (name === undefined) {
    return {
      kind: 'invalid',
      problems: [
        {
          code: 'not_an_event',
          message: 'The message is not an object with an "event" name.',
          location: { path: 'event' },
        },
      ],
    };
  }
  const schema = schemas.get(name);
  if (schema === undefined) return { kind: 'unknown', name };
  if (name === audioSeparateEvent.name && isUsualAudio(value as object))
    return { kind: 'event', event: value as RealtimeEvent };
  const result = schema.safeParse(value);
  if (result.success) return { kind: 'event', event: value as RealtimeEvent };
  return {
    kind: 'invalid',
    problems: result.error.issues.map((issue) => ({
      code: 'invalid_event',
      message: `${name}: ${issue.message}.`,
      location: { path: issue.path.map(String).join('.') },
    })),
  };
}

/** What all events are made of, by the names that it has in published documents. */
export const EVENT_PARTS: Readonly<Record<string, z.ZodType>> = {
  Participant: participantSchema,
  ResourceRef: resourceRefSchema,
  Timestamp: timestampSchema,
};

/** JSON Schema (2020-12) of all events, made from the reader's schemas. */
export function realtimeEventJsonSchema(): unknown {
  return publishedSchema('realtime-events', realtimeEventSchema, {
    io: 'input',
    metadata: namesOf(EVENT_PARTS),
    override: described,
  });
}

function nameOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('event' in value)) return undefined;
  return typeof value.event === 'string' ? value.event : undefined;
}
