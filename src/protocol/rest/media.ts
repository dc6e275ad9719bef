/** The media objects of a recording: audio, events, transcript, metadata of the meeting. Recall calls them artifacts, too. */
import { z } from 'zod';
import { dateSchema, downloadUrlSchema, metadataSchema, refSchema, statusSchema } from './shapes.ts';
import { asyncProviderSchema, diarizationSchema } from './transcript-providers.ts';

export const MEDIA_STATUSES = ['processing', 'done', 'failed', 'deleted'] as const;

/** What every media object has, also inside its recording. */
const shortcutShape = {
  id: z.uuid(),
  created_at: dateSchema,
  status: statusSchema(MEDIA_STATUSES),
  metadata: metadataSchema,
};
const shape = { ...shortcutShape, recording: refSchema };

const data = {
  audio_separate: { data: z.object({ download_url: downloadUrlSchema }), format: z.enum(['raw', 'ogg']) },
  audio_mixed: { data: z.object({ download_url: downloadUrlSchema }), format: z.enum(['mp3', 'raw']) },
  participant_events: {
    data: z.object({
      participant_events_download_url: downloadUrlSchema,
      speaker_timeline_download_url: downloadUrlSchema,
      participants_download_url: downloadUrlSchema,
    }),
  },
  transcript: {
    data: z.object({ download_url: downloadUrlSchema, provider_data_download_url: downloadUrlSchema }),
    diarization: z.looseObject({}).nullable(),
    provider: z.looseObject({}),
  },
  video_mixed: { data: z.object({ download_url: downloadUrlSchema }), format: z.enum(['mp4']) },
  video_separate: { data: z.object({ download_url: downloadUrlSchema }), format: z.enum(['mp4', 'h264']) },
  meeting_metadata: {
    data: z.object({
      title: z.string().nullable(),
      zoom: z.object({ meeting_uuid: z.string().nullable() }).nullable(),
    }),
  },
};

export const artifactSchemas = {
  audio_separate: z.object({ ...shape, ...data.audio_separate }),
  audio_mixed: z.object({ ...shape, ...data.audio_mixed }),
  participant_events: z.object({ ...shape, ...data.participant_events }),
  transcript: z.object({ ...shape, ...data.transcript }),
  meeting_metadata: z.object({ ...shape, ...data.meeting_metadata }),
  video_mixed: z.object({ ...shape, ...data.video_mixed }),
  video_separate: z.object({ ...shape, ...data.video_separate }),
};

export type AudioSeparate = z.infer<typeof artifactSchemas.audio_separate>;
export type AudioMixed = z.infer<typeof artifactSchemas.audio_mixed>;
export type ParticipantEvents = z.infer<typeof artifactSchemas.participant_events>;
export type Transcript = z.infer<typeof artifactSchemas.transcript>;
export type MeetingMetadata = z.infer<typeof artifactSchemas.meeting_metadata>;
export type VideoMixed = z.infer<typeof artifactSchemas.video_mixed>;
export type VideoSeparate = z.infer<typeof artifactSchemas.video_separate>;

/** `media_shortcuts` of a recording. */
export const mediaShortcutsSchema = z.object({
  video_mixed: z.object({ ...shortcutShape, ...data.video_mixed }).nullable(),
  transcript: z.object({ ...shortcutShape, ...data.transcript }).nullable(),
  participant_events: z.object({ ...shortcutShape, ...data.participant_events }).nullable(),
  meeting_metadata: z.object({ ...shortcutShape, ...data.meeting_metadata }).nullable(),
  audio_mixed: z.object({ ...shortcutShape, ...data.audio_mixed }).nullable(),
  audio_separate: z.object({ ...shortcutShape, ...data.audio_separate }).nullable(),
});

/** `POST /api/v1/recording/{id}/create_transcript/` */
export const createTranscriptSchema = z.looseObject({
  provider: asyncProviderSchema,
  metadata: metadataSchema.optional(),
  diarization: diarizationSchema.optional(),
});

export type CreateTranscript = z.infer<typeof createTranscriptSchema>;
