/** `transcript.data` and `transcript.partial_data`: words as they are recognised ("Real-Time Event Payloads"). */
import { z } from 'zod';
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

/** For reading: unknown fields pass. */
export const transcriptEventSchema = z.looseObject({
  event: z.enum(TRANSCRIPT_EVENT_NAMES),
  data: z.looseObject({
    data: z.looseObject({ words: z.array(transcriptWordSchema), participant: participantSchema }),
    transcript: resourceRefSchema,
    ...envelopeShape,
  }),
});

/** For writing: unknown fields are errors. */
export const transcriptEventStrictSchema = strict(transcriptEventSchema);

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
