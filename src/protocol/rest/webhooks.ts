/**
 * Status webhooks: of bots, recordings, real-time endpoints and media objects. All have one envelope: `event` is
 * `<resource>.<status>`, and `data` has the status and what it is about ("Webhooks" and the published schemas).
 */
import { z } from 'zod';
import { resourceRefSchema } from '../resource.ts';
import { BOT_STATUSES } from './bot-status.ts';
import { MEDIA_STATUSES } from './media.ts';
import { ENDPOINT_STATUSES } from './realtime-endpoint.ts';
import { RECORDING_STATUSES } from './recording.ts';

/** Null or absent for recordings without a bot. */
const bot = resourceRefSchema.nullish();

/** What went wrong, of what has failed. */
const errorSchema = z.looseObject({ code: z.string(), message: z.string() });

export function statusOf<const Codes extends readonly [string, ...string[]]>(codes: Codes) {
  return z.looseObject({
    code: z.enum(codes),
    sub_code: z.string().nullable(),
    updated_at: z.iso.datetime({ offset: true }),
  });
}

function mediaWebhook<const Kind extends string>(kind: Kind) {
  return z.looseObject({
    event: z.templateLiteral([`${kind}.`, z.enum(MEDIA_STATUSES)]),
    data: z.looseObject({
      data: statusOf(MEDIA_STATUSES),
      ...({ [kind]: resourceRefSchema } as Record<Kind, typeof resourceRefSchema>),
      recording: resourceRefSchema,
      bot,
    }),
  });
}

/** What the webhooks say that have to say what went wrong. **Our choice** of codes and texts: the vendor's are open lists. */
const ERRORS: Readonly<Record<string, z.infer<typeof errorSchema>>> = {
  'realtime_endpoint.failed': {
    code: 'DELIVERY_FAILED',
    message: 'The endpoint could not be reached after the last retry.',
  },
  'recording.failed': { code: 'RECORDING_FAILED', message: 'The recording could not go on.' },
};

/** The `error` of a webhook; undefined for one that has none. */
export function errorOf(event: string): z.infer<typeof errorSchema> | undefined {
  return ERRORS[event];
}

export const botStatusWebhookSchema = z.looseObject({
  event: z.templateLiteral(['bot.', z.enum(BOT_STATUSES)]),
  data: z.looseObject({ data: statusOf(BOT_STATUSES), bot: resourceRefSchema }),
});
export type BotStatusWebhook = z.infer<typeof botStatusWebhookSchema>;

export const recordingStatusWebhookSchema = z.looseObject({
  event: z.templateLiteral(['recording.', z.enum(RECORDING_STATUSES)]),
  data: z.looseObject({
    data: statusOf(RECORDING_STATUSES).extend({ error: errorSchema.optional() }),
    recording: resourceRefSchema,
    bot,
  }),
});
export type RecordingStatusWebhook = z.infer<typeof recordingStatusWebhookSchema>;

export const endpointStatusWebhookSchema = z.looseObject({
  event: z.templateLiteral(['realtime_endpoint.', z.enum(ENDPOINT_STATUSES)]),
  data: z.looseObject({
    data: statusOf(ENDPOINT_STATUSES).extend({ error: errorSchema.optional() }),
    realtime_endpoint: resourceRefSchema,
    recording: resourceRefSchema,
    bot,
  }),
});
export type EndpointStatusWebhook = z.infer<typeof endpointStatusWebhookSchema>;

export const mediaStatusWebhookSchemas = {
  audio_separate: mediaWebhook('audio_separate'),
  audio_mixed: mediaWebhook('audio_mixed'),
  participant_events: mediaWebhook('participant_events'),
  transcript: mediaWebhook('transcript'),
  meeting_metadata: mediaWebhook('meeting_metadata'),
  video_mixed: mediaWebhook('video_mixed'),
  video_separate: mediaWebhook('video_separate'),
};
export type MediaStatusWebhook = z.infer<
  (typeof mediaStatusWebhookSchemas)[keyof typeof mediaStatusWebhookSchemas]
>;

/** Any webhook of a bot and its recordings. */
export const statusWebhookSchema = z.union([
  botStatusWebhookSchema,
  recordingStatusWebhookSchema,
  endpointStatusWebhookSchema,
  ...Object.values(mediaStatusWebhookSchemas),
]);
export type StatusWebhook = z.infer<typeof statusWebhookSchema>;
