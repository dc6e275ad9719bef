/** All real-time events that this package knows, and how to read one that came from outside. */
import { z } from 'zod';
import type { Problem } from '../errors.ts';
import { type AudioMixedRawData, audioMixedRawDataSchema } from './audio-mixed.ts';
import { type AudioSeparateRawData, audioSeparateRawDataSchema } from './audio-separate.ts';
import {
  isParticipantEventName,
  type ParticipantEvent,
  participantEventSchema,
} from './participant-events.ts';
import { TRANSCRIPT_EVENT_NAMES, type TranscriptEvent, transcriptEventSchema } from './transcript.ts';

export const realtimeEventSchema = z.discriminatedUnion('event', [
  audioSeparateRawDataSchema,
  audioMixedRawDataSchema,
  transcriptEventSchema,
  participantEventSchema,
]);

export type RealtimeEvent = AudioSeparateRawData | AudioMixedRawData | TranscriptEvent | ParticipantEvent;

export function isAudioSeparate(event: RealtimeEvent): event is AudioSeparateRawData {
  return event.event === 'audio_separate_raw.data';
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
  const schema = schemaOf(name);
  if (schema === undefined) return { kind: 'unknown', name };
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

/** JSON Schema (2020-12) of all events, made from the reader's schemas. */
export function realtimeEventJsonSchema(): unknown {
  return z.toJSONSchema(realtimeEventSchema, { target: 'draft-2020-12', io: 'input' });
}

function schemaOf(name: string): z.ZodType | undefined {
  if (name === 'audio_separate_raw.data') return audioSeparateRawDataSchema;
  if (name === 'audio_mixed_raw.data') return audioMixedRawDataSchema;
  if ((TRANSCRIPT_EVENT_NAMES as readonly string[]).includes(name)) return transcriptEventSchema;
  return isParticipantEventName(name) ? participantEventSchema : undefined;
}

function nameOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('event' in value)) return undefined;
  return typeof value.event === 'string' ? value.event : undefined;
}
