/**
 * `recording_config` of a bot: what is recorded, and which endpoints get what in real time. As the vendor's OpenAPI document
 * has it, as far as it matters here; other fields pass.
 */
import { z } from 'zod';
import { parseTarget, type TargetKind } from '../../target.ts';
import { eventEntry, eventNamesFor } from '../events.ts';
import { metadataSchema } from './shapes.ts';
import { botProviderSchema, diarizationSchema } from './transcript-providers.ts';

const WEBHOOK_EVENTS = eventNamesFor('webhook');
const WEBSOCKET_EVENTS = eventNamesFor('websocket');

const artifact = z.looseObject({ metadata: metadataSchema.optional() }).nullish();

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

const endpointSchema = z.discriminatedUnion('type', [
  websocketEndpoint,
  webhookEndpoint,
  otherEndpoint('rtmp'),
  otherEndpoint('desktop_sdk_callback'),
]);

export const recordingConfigSchema = z
  .looseObject({
    audio_separate_raw: artifact,
    audio_mixed_raw: artifact,
    transcript: z
      .looseObject({
        metadata: metadataSchema.optional(),
        provider: botProviderSchema,
        diarization: diarizationSchema.optional(),
      })
      .nullish(),
    participant_events: artifact,
    meeting_metadata: artifact,
    video_mixed_mp4: artifact,
    video_separate_mp4: artifact,
    video_separate_png: artifact,
    audio_mixed_mp3: artifact,
    audio_separate_mp3: artifact,
    include_bot_in_recording: z.looseObject({ audio: z.boolean().optional() }).nullish(),
    realtime_endpoints: z.array(endpointSchema).max(100).optional(),
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

/** What a bot has where nothing was asked for: the defaults of the vendor's OpenAPI document. */
export const RECORDING_DEFAULTS = {
  transcript: null,
  realtime_endpoints: [],
  retention: { type: 'timed', hours: 168 },
  video_mixed_layout: 'speaker_view',
  video_mixed_mp4: {},
  participant_events: {},
  meeting_metadata: {},
  video_mixed_participant_video_when_screenshare: 'overlap',
  start_recording_on: 'participant_join',
  include_bot_in_recording: { audio: false },
  metadata: {},
  audio_mixed_raw: null,
  audio_mixed_mp3: null,
  audio_separate_raw: null,
  audio_separate_mp3: null,
  video_mixed_flv: null,
  video_separate_mp4: null,
  video_separate_png: null,
  video_separate_h264: null,
} as const;

export type RecordingConfig = z.infer<typeof recordingConfigSchema>;
