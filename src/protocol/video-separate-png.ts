/**
 * `video_separate_png.data`: one picture of one participant's camera or shared screen, twice a second ("Real-Time Event
 * Payloads", 2025-06; "How to get Separate Videos per Participant (Realtime)").
 */
import { z } from 'zod';
import { isBase64 } from './base64.ts';
import type { EventDefinition } from './event.ts';
import { type Participant, participantSchema } from './participant.ts';
import { envelopeShape, type ResourceRef, resourceRefSchema } from './resource.ts';
import { strict } from './strict.ts';
import { type Timestamp, timestampSchema } from './timestamp.ts';

export const VIDEO_TYPES = ['webcam', 'screenshare'] as const;
export type VideoType = (typeof VIDEO_TYPES)[number];

/** Pictures per second ("How to get Separate Videos per Participant (Realtime)"). */
export const PICTURES_PER_SECOND = 2;

/** The documentation's "360x640", which the vendor's sample app reads as landscape. */
export const PICTURE_SIZE = { width: 640, height: 360 } as const;

/** The eight bytes that every PNG begins with. They end within the eleventh character; two bits of it belong to what follows. */
const PNG_BASE64 = /^iVBORw0KGg[o-r]/;

/** Standard padded base64 of a PNG, of which only the signature is looked at. */
const pngBase64Schema = z.string().superRefine((text, context) => {
  if (!isBase64(text)) context.addIssue({ code: 'custom', message: 'not standard padded base64' });
  else if (!PNG_BASE64.test(text))
    context.addIssue({ code: 'custom', message: 'it does not begin as a PNG does' });
});

/** For reading: unknown fields pass. */
export const videoSeparatePngDataSchema = z.looseObject({
  event: z.literal('video_separate_png.data'),
  data: z.looseObject({
    data: z.looseObject({
      buffer: pngBase64Schema.describe('Base64 of a PNG of 640 × 360 pixels'),
      timestamp: timestampSchema.describe('Of the moment that the picture shows'),
      type: z.enum(VIDEO_TYPES),
      participant: participantSchema,
    }),
    video_separate: resourceRefSchema,
    ...envelopeShape,
  }),
});

/** For writing: unknown fields are errors. */
export const videoSeparatePngDataStrictSchema = strict(videoSeparatePngDataSchema);

export interface VideoSeparatePngData {
  readonly event: 'video_separate_png.data';
  readonly data: {
    readonly data: {
      readonly buffer: string;
      readonly timestamp: Timestamp;
      readonly type: VideoType;
      readonly participant: Participant;
    };
    readonly realtime_endpoint: ResourceRef;
    readonly video_separate: ResourceRef;
    readonly recording: ResourceRef;
    readonly bot?: ResourceRef | null | undefined;
  };
}

export const videoSeparatePngEvent: EventDefinition<VideoSeparatePngData> = {
  name: 'video_separate_png.data',
  schema: videoSeparatePngDataSchema,
  strict: videoSeparatePngDataStrictSchema,
  artifact: { ref: 'video_separate', config: 'video_separate_png', required: true },
  transports: ['websocket'],
};
