/** The JSON documents behind download URLs ("Download schemas"). */
import { z } from 'zod';
import { VIDEO_TYPES } from '../video-separate-png.ts';

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

/** By file name, without `.json`. */
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
  'provider_data/{transcript_id}': z.object({
    parts: z.array(
      z.object({
        id: z.uuid(),
        created_at: z.string(),
        source_audio: z.object({
          type: z.enum(['mixed', 'separate']),
          offset: z.number().describe('Seconds'),
          participant: participant.nullable(),
        }),
        type: z.enum(['webhook', 'http_response', 'websocket_message']),
        data: z.looseObject({}).describe("In the provider's own form"),
      }),
    ),
  }),
  audio_separate: z.array(
    z.object({
      id: z.uuid(),
      participant,
      start_timestamp: timestamp,
      duration: z.number().describe('Seconds'),
      download_url: z.string(),
    }),
  ),
  video_separate: z.array(
    z.object({
      id: z.uuid(),
      participant,
      type: z.enum(VIDEO_TYPES),
      start_timestamp: timestamp,
      duration: z.number().describe('Seconds'),
      download_url: z.string(),
    }),
  ),
};
