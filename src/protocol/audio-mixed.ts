/** `audio_mixed_raw.data`: everybody's audio in one stream, mono S16LE at 16 kHz ("Real-Time Event Payloads"). */
import { z } from 'zod';
import { pcmBase64Schema } from './audio-separate.ts';
import type { EventDefinition } from './event.ts';
import { envelopeShape, type ResourceRef, resourceRefSchema } from './resource.ts';
import { strict } from './strict.ts';
import { type Timestamp, timestampSchema } from './timestamp.ts';

/** For reading: unknown fields pass. */
export const audioMixedRawDataSchema = z.looseObject({
  event: z.literal('audio_mixed_raw.data'),
  data: z.looseObject({
    data: z.looseObject({
      buffer: pcmBase64Schema.describe('Base64 of mono S16LE PCM at 16 kHz'),
      timestamp: timestampSchema.describe('Of the first sample of the buffer'),
    }),
    audio_mixed: resourceRefSchema,
    ...envelopeShape,
  }),
});

/** For writing: unknown fields are errors. */
export const audioMixedRawDataStrictSchema = strict(audioMixedRawDataSchema);

export interface AudioMixedRawData {
  readonly event: 'audio_mixed_raw.data';
  readonly data: {
    readonly data: { readonly buffer: string; readonly timestamp: Timestamp };
    readonly realtime_endpoint: ResourceRef;
    readonly audio_mixed: ResourceRef;
    readonly recording: ResourceRef;
    readonly bot?: ResourceRef | null | undefined;
  };
}

export const audioMixedEvent: EventDefinition<AudioMixedRawData> = {
  name: 'audio_mixed_raw.data',
  schema: audioMixedRawDataSchema,
  strict: audioMixedRawDataStrictSchema,
  artifact: { ref: 'audio_mixed', config: 'audio_mixed_raw', required: true },
  transports: ['websocket'],
};
