/** What the API answers, as zod schemas: the OpenAPI document and the types of the serialisers come from here. */
import { z } from 'zod';
import { BOT_STATUSES } from './bot-status.ts';

const metadata = z.record(z.string(), z.string().nullable());
const date = z.iso.datetime();
const ref = z.object({ id: z.uuid(), metadata });
const url = z.string().nullable();
const status = <Code extends readonly [string, ...string[]]>(codes: Code) =>
  z.object({ code: z.enum(codes), sub_code: z.string().nullable(), updated_at: date });

const artifactStatus = status(['processing', 'done', 'failed', 'deleted']);
const shortcutShape = { id: z.uuid(), created_at: date, status: artifactStatus, metadata };
const artifactShape = { ...shortcutShape, recording: ref };

const data = {
  audio_separate: { data: z.object({ download_url: url }), format: z.enum(['raw', 'ogg']) },
  audio_mixed: { data: z.object({ download_url: url }), format: z.enum(['mp3', 'raw']) },
  participant_events: {
    data: z.object({
      participant_events_download_url: url,
      speaker_timeline_download_url: url,
      participants_download_url: url,
    }),
  },
  transcript: {
    data: z.object({ download_url: url, provider_data_download_url: url }),
    diarization: z.looseObject({}).nullable(),
    provider: z.looseObject({}),
  },
  meeting_metadata: {
    data: z.object({
      title: z.string().nullable(),
      zoom: z.object({ meeting_uuid: z.string().nullable() }).nullable(),
    }),
  },
};

export const artifactSchemas = {
  audio_separate: z.object({ ...artifactShape, ...data.audio_separate }),
  audio_mixed: z.object({ ...artifactShape, ...data.audio_mixed }),
  participant_events: z.object({ ...artifactShape, ...data.participant_events }),
  transcript: z.object({ ...artifactShape, ...data.transcript }),
  meeting_metadata: z.object({ ...artifactShape, ...data.meeting_metadata }),
};

const mediaShortcuts = z.object({
  video_mixed: z.null(),
  transcript: z.object({ ...shortcutShape, ...data.transcript }).nullable(),
  participant_events: z.object({ ...shortcutShape, ...data.participant_events }).nullable(),
  meeting_metadata: z.object({ ...shortcutShape, ...data.meeting_metadata }).nullable(),
  audio_mixed: z.object({ ...shortcutShape, ...data.audio_mixed }).nullable(),
  audio_separate: z.object({ ...shortcutShape, ...data.audio_separate }).nullable(),
});

const recordingStatus = status(['processing', 'paused', 'done', 'failed', 'deleted']);

const recordingEmbedSchema = z.object({
  id: z.uuid(),
  created_at: date,
  started_at: date.nullable(),
  completed_at: date.nullable(),
  expires_at: date.nullable(),
  status: recordingStatus,
  media_shortcuts: mediaShortcuts,
  metadata,
});

export const recordingSchema = z.object({
  ...recordingEmbedSchema.shape,
  realtime_endpoints: z.array(ref),
  bot: ref.nullable(),
  desktop_sdk_upload: z.null(),
});

export const realtimeEndpointSchema = z.object({
  id: z.uuid(),
  recording: ref,
  created_at: date,
  status: status(['running', 'done', 'failed', 'deleted']),
  metadata,
  type: z.string(),
  url: z.string(),
  events: z.array(z.string()),
});

const echoed = z.looseObject({}).nullable();

export const botSchema = z.object({
  id: z.uuid(),
  meeting_url: z.looseObject({ platform: z.string() }),
  bot_name: z.string(),
  join_at: z.string().nullable(),
  recording_config: echoed,
  status_changes: z.array(
    z.object({ code: z.enum(BOT_STATUSES), message: z.string(), created_at: date, sub_code: z.string() }),
  ),
  recordings: z.array(recordingEmbedSchema),
  output_media: echoed,
  automatic_video_output: echoed,
  automatic_audio_output: echoed,
  chat: echoed,
  automatic_leave: echoed,
  variant: echoed,
  calendar_meetings: z.array(z.never()),
  zoom: echoed,
  google_meet: echoed,
  slack_team: z.null(),
  breakout_room: echoed,
  metadata,
});

export type BotAnswer = z.infer<typeof botSchema>;
export type RecordingAnswer = z.infer<typeof recordingSchema>;

/** Bots are listed by page, with a count. */
export function pageSchema(item: z.ZodType) {
  return z.object({ count: z.int(), next: url, previous: url, results: z.array(item) });
}

/** Everything else is listed by cursor. */
export function cursorSchema(item: z.ZodType) {
  return z.object({ next: url, previous: url, results: z.array(item) });
}

export const validationErrorSchema = z
  .looseObject({})
  .describe('By field, nested as the request is: lists of messages');

export const errorSchema = z.looseObject({ code: z.string().optional(), detail: z.string() });

const timestamp = z.object({ absolute: z.string(), relative: z.number() });
/** The vendor's samples of 2025-12 have `absolute`, its older documents have not. */
const wordTimestamp = z.object({ relative: z.number(), absolute: z.string().optional() });
const participant = z.looseObject({
  id: z.int(),
  name: z.string().nullable(),
  is_host: z.boolean().nullable(),
  platform: z.string().nullable(),
  extra_data: z.looseObject({}).nullable(),
});

/** The JSON documents behind download URLs ("Download schemas"). */
export const downloadSchemas = {
  participants: z.array(participant),
  participant_events: z.array(
    z.object({
      id: z.uuid(),
      action: z.string(),
      participant,
      timestamp,
      data: z.object({ text: z.string(), to: z.string() }).nullable(),
    }),
  ),
  speaker_timeline: z.array(
    z.object({ participant, start_timestamp: timestamp, end_timestamp: timestamp.nullable() }),
  ),
  transcript: z.array(
    z.object({
      participant,
      words: z.array(
        z.object({
          text: z.string(),
          start_timestamp: wordTimestamp,
          end_timestamp: wordTimestamp.nullable(),
        }),
      ),
    }),
  ),
  audio_separate: z.array(
    z.object({
      id: z.uuid(),
      participant,
      start_timestamp: timestamp,
      duration: z.number().describe('Seconds'),
      download_url: z.string(),
    }),
  ),
};
