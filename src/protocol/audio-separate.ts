/**
 * `audio_separate_raw.data`: one frame of one participant's audio ("How to get Separate Audio per Participant
 * (Realtime)", 2025-06). Unknown fields pass the reader's schema, not the writer's.
 */
import { z } from 'zod';
import { isBase64, lengthOfBase64 } from './base64.ts';
import type { EventDefinition } from './event.ts';
import { type Participant, participantSchema } from './participant.ts';
import { BYTES_PER_SAMPLE } from './pcm.ts';
import { envelopeShape, type ResourceRef, resourceRefSchema } from './resource.ts';
import { strict } from './strict.ts';
import { type Timestamp, timestampSchema } from './timestamp.ts';

/** Standard padded base64 of whole 16-bit samples. */
export const pcmBase64Schema = z.string().superRefine((text, context) => {
  if (!isBase64(text)) {
    context.addIssue({ code: 'custom', message: 'not standard padded base64' });
    return;
  }
  if (lengthOfBase64(text) % BYTES_PER_SAMPLE !== 0) {
    context.addIssue({ code: 'custom', message: 'an odd number of bytes is not whole 16-bit samples' });
  }
});

/** For reading: unknown fields pass. */
export const audioSeparateRawDataSchema = z.looseObject({
  event: z.literal('audio_separate_raw.data'),
  data: z.looseObject({
    data: z.looseObject({
      buffer: pcmBase64Schema.describe('Base64 of mono S16LE PCM at 16 kHz'),
      timestamp: timestampSchema.describe('Of the first sample of the buffer'),
      participant: participantSchema,
    }),
    audio_separate: resourceRefSchema,
    ...envelopeShape,
  }),
});

/** For writing: unknown fields are errors. */
export const audioSeparateRawDataStrictSchema = strict(audioSeparateRawDataSchema);

export interface AudioSeparateRawData {
  readonly event: 'audio_separate_raw.data';
  readonly data: {
    readonly data: {
      readonly buffer: string;
      readonly timestamp: Timestamp;
      readonly participant: Participant;
    };
    readonly realtime_endpoint: ResourceRef;
    readonly audio_separate: ResourceRef;
    readonly recording: ResourceRef;
    readonly bot?: ResourceRef | null | undefined;
  };
}

export const audioSeparateEvent: EventDefinition<AudioSeparateRawData> = {
  name: 'audio_separate_raw.data',
  schema: audioSeparateRawDataSchema,
  strict: audioSeparateRawDataStrictSchema,
  artifact: { ref: 'audio_separate', config: 'audio_separate_raw', required: true },
  transports: ['websocket'],
};
