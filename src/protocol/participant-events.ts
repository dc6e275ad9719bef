/**
 * `participant_events.*`: who came, left, spoke, shared, wrote ("Real-Time Event Payloads"). Only chat messages carry
 * data of their own.
 */
import { z } from 'zod';
import type { EventDefinition } from './event.ts';
import { type Participant, participantSchema } from './participant.ts';
import { envelopeShape, type ResourceRef, resourceRefSchema } from './resource.ts';
import { strict } from './strict.ts';
import { type Timestamp, timestampSchema } from './timestamp.ts';

export const PARTICIPANT_EVENT_NAMES = [
  'participant_events.join',
  'participant_events.leave',
  'participant_events.update',
  'participant_events.speech_on',
  'participant_events.speech_off',
  'participant_events.webcam_on',
  'participant_events.webcam_off',
  'participant_events.screenshare_on',
  'participant_events.screenshare_off',
  'participant_events.chat_message',
] as const;

export type ParticipantEventName = (typeof PARTICIPANT_EVENT_NAMES)[number];

const NAMES: ReadonlySet<string> = new Set(PARTICIPANT_EVENT_NAMES);

export function isParticipantEventName(name: string): name is ParticipantEventName {
  return NAMES.has(name);
}

/** `to` is `everyone` or `only_bot`. */
const chatDataSchema = z.looseObject({ text: z.string(), to: z.string() });

function eventSchema<Name extends ParticipantEventName>(name: Name) {
  return z.looseObject({
    event: z.literal(name),
    data: z.looseObject({
      data: z.looseObject({
        participant: participantSchema,
        timestamp: timestampSchema,
        data: name === 'participant_events.chat_message' ? chatDataSchema : chatDataSchema.nullable(),
      }),
      participant_events: resourceRefSchema,
      ...envelopeShape,
    }),
  });
}

const byName = Object.fromEntries(PARTICIPANT_EVENT_NAMES.map((name) => [name, eventSchema(name)])) as {
  readonly [Name in ParticipantEventName]: ReturnType<typeof eventSchema<Name>>;
};

/** One reader's schema per event. */
export const participantEventSchemas = byName;

/** Any participant event, for reading. */
export const participantEventSchema = z.discriminatedUnion('event', [
  byName['participant_events.join'],
  byName['participant_events.leave'],
  byName['participant_events.update'],
  byName['participant_events.speech_on'],
  byName['participant_events.speech_off'],
  byName['participant_events.webcam_on'],
  byName['participant_events.webcam_off'],
  byName['participant_events.screenshare_on'],
  byName['participant_events.screenshare_off'],
  byName['participant_events.chat_message'],
]);

/** One writer's schema per event: unknown fields are errors. */
export const participantEventStrictSchemas = Object.fromEntries(
  PARTICIPANT_EVENT_NAMES.map((name) => [name, strict(byName[name])]),
) as Readonly<Record<ParticipantEventName, z.ZodType>>;

export interface ParticipantEvent {
  readonly event: ParticipantEventName;
  readonly data: {
    readonly data: {
      readonly participant: Participant;
      readonly timestamp: Timestamp;
      readonly data: { readonly text: string; readonly to: string } | null;
    };
    readonly realtime_endpoint: ResourceRef;
    readonly participant_events: ResourceRef;
    readonly recording: ResourceRef;
    readonly bot?: ResourceRef | null | undefined;
  };
}

export const participantEvents: readonly EventDefinition<ParticipantEvent>[] = PARTICIPANT_EVENT_NAMES.map(
  (name) => ({
    name,
    schema: byName[name],
    strict: participantEventStrictSchemas[name],
    artifact: { ref: 'participant_events', config: 'participant_events', required: false },
    transports: ['websocket', 'webhook'],
  }),
);
