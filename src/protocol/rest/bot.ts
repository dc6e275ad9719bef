/** `bot`, as it is answered. What it is made with is in `bot-requests.ts`. */
import { z } from 'zod';
import { BOT_STATUSES } from './bot-status.ts';
import { recordingEmbedSchema } from './recording.ts';
import { dateSchema, metadataSchema } from './shapes.ts';

/** As the request had it. */
const echoed = z.looseObject({}).nullable();

export const botSchema = z.object({
  id: z.uuid(),
  meeting_url: z.looseObject({ platform: z.string() }),
  bot_name: z.string(),
  join_at: z.string().nullable(),
  recording_config: echoed,
  status_changes: z.array(
    z.object({
      code: z.enum(BOT_STATUSES),
      message: z.string(),
      created_at: dateSchema,
      sub_code: z.string(),
    }),
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
  metadata: metadataSchema,
});

export type Bot = z.infer<typeof botSchema>;
