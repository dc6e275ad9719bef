/** `transcript.data` and `transcript.partial_data`: words as they are recognised ("Real-Time Event Payloads"). */
import { z } from 'zod';
import type { EventArtifact, EventDefinition, EventEntry } from './event.ts';
import { type Participant, participantSchema } from './participant.ts';
import { envelopeShape, type ResourceRef, resourceRefSchema } from './resource.ts';
import { strict } from './strict.ts';
import { absoluteSchema } from './timestamp.ts';

export const TRANSCRIPT_EVENT_NAMES = ['transcript.data', 'transcript.partial_data'] as const;
export type TranscriptEventName = (typeof TRANSCRIPT_EVENT_NAMES)[number];

/** `relative` in seconds since the recording started. Older payloads have no `absolute` (vendor's samples, 2025-12: both). */
const wordTimestampSchema = z.looseObject({
  relative: z.number().nonnegative(),
  absolute: absoluteSchema.optional(),
});

const transcriptWordSchema = z.looseObject({
  text: z.string(),
  start_timestamp: wordTimestampSchema,
  end_timestamp: wordTimestampSchema.nullable(),
});

export interface WordTimestamp {
  readonly relative: number;
  readonly absolute?: string | undefined;
}

export interface TranscriptWord {
  readonly text: string;
  readonly start_timestamp: WordTimestamp;
  readonly end_timestamp: WordTimestamp | null;
}

function eventSchema<Name extends TranscriptEventName>(name: Name) {
  return z.looseObject({
    event: z.literal(name),
    data: z.looseObject({
      data: z.looseObject({ words: z.array(transcriptWordSchema), participant: participantSchema }),
      transcript: resourceRefSchema,
      ...envelopeShape,
    }),
  });
}

const finalSchema = eventSchema('transcript.data');
const partialSchema = eventSchema('transcript.partial_data');

/** For reading: unknown fields pass. */
export const transcriptEventSchema = z.discriminatedUnion('event', [finalSchema, partialSchema]);

/** For writing: unknown fields are errors. */
export const transcriptEventStrictSchema = z.union([strict(finalSchema), strict(partialSchema)]);

export interface TranscriptEvent {
  readonly event: TranscriptEventName;
  readonly data: {
    readonly data: { readonly words: readonly TranscriptWord[]; readonly participant: Participant };
    readonly realtime_endpoint: ResourceRef;
    readonly transcript: ResourceRef;
    readonly recording: ResourceRef;
    readonly bot?: ResourceRef | null | undefined;
  };
}

const artifact: EventArtifact = { ref: 'transcript', config: 'transcript', required: false };
const transports = ['websocket', 'webhook'] as const;

export const transcriptEvents: readonly EventDefinition<TranscriptEvent>[] = [
  { name: 'transcript.data', schema: finalSchema, strict: strict(finalSchema), artifact, transports },
  {
    name: 'transcript.partial_data',
    schema: partialSchema,
    strict: strict(partialSchema),
    artifact,
    transports,
  },
];

/** What a transcription provider sent, as it sent it. `serve` sends it for bots that have one. */
export const transcriptProviderEvent: EventEntry = {
  name: 'transcript.provider_data',
  artifact,
  transports,
};
