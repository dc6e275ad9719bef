/**
 * What the API takes: the bodies of requests as the vendor's OpenAPI document has them, as far as they matter here. A
 * field that is not emulated passes, is echoed and is told once (`notEmulated`).
 */
import { z } from 'zod';
import { parseTarget, type TargetKind } from '../../target.ts';
import { eventEntry, eventNamesFor } from '../events.ts';
import { parseMeetingUrl } from './meeting-url.ts';

/** Values may be null in the document; they are left out of events, where metadata is string to string. */
const metadataSchema = z.record(z.string(), z.string().nullable());

const WEBHOOK_EVENTS = eventNamesFor('webhook');
const WEBSOCKET_EVENTS = eventNamesFor('websocket');

const artifact = z.looseObject({ metadata: metadataSchema.optional() }).nullish();
const anything = z.looseObject({}).nullish();

/** Echoed as it was written; what is dialled is `parseTarget`'s reading of it. */
function endpointUrl(kind: TargetKind) {
  return z
    .string()
    .min(1)
    .superRefine((text, context) => {
      const target = parseTarget(text, kind);
      if (target.ok) return;
      const { message, hint } = target.problem;
      context.addIssue({ code: 'custom', message: `Enter a valid URL. ${message} ${hint}` });
    });
}

const websocketEndpoint = z.looseObject({
  type: z.literal('websocket'),
  url: endpointUrl('websocket'),
  events: z.array(z.enum(WEBSOCKET_EVENTS)),
  metadata: metadataSchema.optional(),
});

const webhookEndpoint = z.looseObject({
  type: z.literal('webhook'),
  url: endpointUrl('webhook'),
  events: z.array(z.string()).superRefine((events, context) => {
    for (const [index, event] of events.entries()) {
      if (WEBHOOK_EVENTS.includes(event)) continue;
      const websocketOnly = WEBSOCKET_EVENTS.includes(event);
      context.addIssue({
        code: 'custom',
        path: [index],
        message: websocketOnly
          ? `"${event}" is only available on websocket endpoints.`
          : `"${event}" is not a valid choice.`,
      });
    }
  }),
  metadata: metadataSchema.optional(),
});

const otherEndpoint = <Type extends string>(type: Type) =>
  z.looseObject({
    type: z.literal(type),
    url: z.string().optional(),
    events: z.array(z.string()).optional(),
    metadata: metadataSchema.optional(),
  });

const realtimeEndpointSchema = z.discriminatedUnion('type', [
  websocketEndpoint,
  webhookEndpoint,
  otherEndpoint('rtmp'),
  otherEndpoint('desktop_sdk_callback'),
]);

const recordingConfigSchema = z
  .looseObject({
    audio_separate_raw: artifact,
    audio_mixed_raw: artifact,
    transcript: z
      .looseObject({
        metadata: metadataSchema.optional(),
        provider: z.looseObject({}),
        diarization: z.looseObject({}).optional(),
      })
      .nullish(),
    participant_events: artifact,
    meeting_metadata: artifact,
    video_mixed_mp4: artifact,
    video_separate_mp4: artifact,
    audio_mixed_mp3: artifact,
    audio_separate_mp3: artifact,
    realtime_endpoints: z.array(realtimeEndpointSchema).max(100).optional(),
    retention: z
      .discriminatedUnion('type', [
        z.looseObject({ type: z.literal('timed'), hours: z.int().min(1).optional() }),
        z.looseObject({ type: z.literal('forever') }),
      ])
      .nullish(),
    start_recording_on: z.enum(['call_join', 'participant_join', 'participant_speak', 'manual']).optional(),
    metadata: metadataSchema.optional(),
  })
  .superRefine((config, context) => {
    for (const [index, endpoint] of (config.realtime_endpoints ?? []).entries()) {
      for (const [at, event] of (endpoint.events ?? []).entries()) {
        const needed = eventEntry(event)?.artifact;
        if (needed?.required !== true || endpoint.type !== 'websocket' || config[needed.config] != null)
          continue;
        context.addIssue({
          code: 'custom',
          path: ['realtime_endpoints', index, 'events', at],
          message: `"${event}" needs recording_config.${needed.config} to be set.`,
        });
      }
    }
  });

type EveryoneLeft = { timeout?: number | undefined; activate_after?: number | null | undefined };

const automaticLeaveSchema = z.looseObject({
  waiting_room_timeout: z.int().min(30).optional(),
  noone_joined_timeout: z.int().min(30).optional(),
  // A number of seconds in v1.10, which apps still send; 0 is the documented default of `activate_after`.
  everyone_left_timeout: z
    .union([
      z.looseObject({ timeout: z.int().min(1).optional(), activate_after: z.int().min(0).nullish() }),
      z
        .int()
        .min(1)
        .transform((timeout): EveryoneLeft => ({ timeout })),
    ])
    .optional(),
  in_call_not_recording_timeout: z.int().min(1).optional(),
  in_call_recording_timeout: z.int().min(1).optional(),
  recording_permission_denied_timeout: z.int().min(1).optional(),
  silence_detection: z
    .looseObject({ timeout: z.int().min(10).optional(), activate_after: z.int().min(1).optional() })
    .optional(),
});

const DATETIME_MESSAGE =
  'Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].';

const datetimeSchema = z
  .string()
  .refine((text) => /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(text) && !Number.isNaN(Date.parse(text)), {
    error: DATETIME_MESSAGE,
  });

const optionalBotFields = {
  bot_name: z.string().min(1).max(100).optional(),
  join_at: datetimeSchema.nullish(),
  recording_config: recordingConfigSchema.nullish(),
  automatic_leave: automaticLeaveSchema.nullish(),
  metadata: metadataSchema.optional(),
  variant: z
    .looseObject({
      zoom: z.enum(['web', 'web_4_core', 'web_gpu', 'native']).optional(),
      google_meet: z.enum(['web', 'web_4_core', 'web_gpu']).optional(),
      microsoft_teams: z.enum(['web', 'web_4_core', 'web_gpu']).optional(),
      webex: z.enum(['web', 'web_4_core', 'web_gpu']).optional(),
    })
    .nullish(),
  chat: z
    .looseObject({
      on_bot_join: z
        .looseObject({ send_to: z.string(), message: z.string().max(4_096), pin: z.boolean().optional() })
        .optional(),
    })
    .nullish(),
  output_media: anything,
  automatic_video_output: anything,
  automatic_audio_output: anything,
  zoom: anything,
  google_meet: anything,
  breakout_room: anything,
};

const meetingUrlSchema = z
  .string()
  .min(1)
  .refine((text) => parseMeetingUrl(text) !== undefined, {
    error: 'The meeting URL is not one of a supported platform.',
  });

/** `POST /api/v1/bot/` */
export const createBotSchema = z.looseObject({ meeting_url: meetingUrlSchema, ...optionalBotFields });
/** `PATCH /api/v1/bot/{id}/` */
export const updateBotSchema = z.looseObject({
  meeting_url: meetingUrlSchema.optional(),
  ...optionalBotFields,
});

export type CreateBot = z.infer<typeof createBotSchema>;
export type UpdateBot = z.infer<typeof updateBotSchema>;
export type RecordingConfig = z.infer<typeof recordingConfigSchema>;
export type AutomaticLeave = z.infer<typeof automaticLeaveSchema>;

export const sendChatMessageSchema = z.looseObject({
  message: z.string().min(1).max(4_096),
  to: z.string().optional(),
  pin: z.boolean().optional(),
});

export const outputAudioSchema = z.looseObject({
  kind: z.enum(['mp3']),
  b64_data: z.string().min(1).max(1_835_008),
});

export const updateMetadataSchema = z.looseObject({ metadata: metadataSchema.optional() });

export const createTranscriptSchema = z.looseObject({
  provider: z.looseObject({}),
  metadata: metadataSchema.optional(),
  diarization: z.looseObject({}).optional(),
});

export type CreateTranscript = z.infer<typeof createTranscriptSchema>;

/** Fields of a bot that are accepted and echoed, and change nothing. */
const NOT_EMULATED: readonly (readonly string[])[] = [
  ['output_media'],
  ['automatic_video_output'],
  ['automatic_audio_output'],
  ['zoom'],
  ['google_meet'],
  ['breakout_room'],
  ['chat', 'on_participant_join'],
  ['automatic_leave', 'bot_detection'],
  ['recording_config', 'video_mixed_mp4'],
  ['recording_config', 'video_separate_mp4'],
  ['recording_config', 'video_separate_png'],
  ['recording_config', 'video_separate_h264'],
  ['recording_config', 'audio_mixed_mp3'],
  ['recording_config', 'audio_separate_mp3'],
  ['recording_config', 'include_bot_in_recording'],
  ['recording_config', 'video_mixed_layout'],
  ['recording_config', 'video_mixed_participant_video_when_screenshare'],
];

const KNOWN_BOT_FIELDS: ReadonlySet<string> = new Set(['meeting_url', ...Object.keys(optionalBotFields)]);

/** Paths of what a request asked for and nothing here does. */
export function notEmulated(body: CreateBot | UpdateBot): string[] {
  const paths = NOT_EMULATED.filter((path) => {
    const value = path.reduce<unknown>(
      (node, key) => (node as Record<string, unknown> | null | undefined)?.[key],
      body,
    );
    return value != null;
  }).map((path) => path.join('.'));
  for (const key of Object.keys(body)) if (!KNOWN_BOT_FIELDS.has(key)) paths.push(key);
  for (const { type } of body.recording_config?.realtime_endpoints ?? []) {
    if (type === 'rtmp' || type === 'desktop_sdk_callback')
      paths.push(`recording_config.realtime_endpoints of type ${type}`);
  }
  return [...new Set(paths)];
}
