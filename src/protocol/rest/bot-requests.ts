/**
 * What bots are made and changed with: bodies as the vendor's OpenAPI document has them, as far as they matter here. A field
 * that is not emulated passes, is echoed and is told once (`notEmulated`).
 */
import { z } from 'zod';
import { parseTarget } from '../../target.ts';
import { automaticLeaveSchema } from './automatic-leave.ts';
import { outputAudioSchema } from './bot-commands.ts';
import { parseMeetingUrl } from './meeting-url.ts';
import { recordingConfigSchema } from './recording-config.ts';
import { metadataSchema } from './shapes.ts';

const anything = z.looseObject({}).nullish();

const DATETIME_MESSAGE =
  'Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].';

const datetimeSchema = z
  .string()
  .refine((text) => /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(text) && !Number.isNaN(Date.parse(text)), {
    error: DATETIME_MESSAGE,
  });

/** As the vendor's OpenAPI document has it. */
export const DEFAULT_BOT_NAME = 'Meeting Notetaker';

/** Of the app: it is asked for a token. */
const callbackUrl = z
  .string()
  .refine((text) => parseTarget(text, 'webhook').ok, { error: 'Enter a valid URL.' })
  .nullish();

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
  // The vendor's own sample wraps a picture as a sound is wrapped, which its OpenAPI document does not.
  automatic_video_output: anything,
  automatic_audio_output: z
    .looseObject({ in_call_recording: z.looseObject({ data: outputAudioSchema }) })
    .nullish(),
  zoom: z
    .looseObject({ obf_token_url: callbackUrl, join_token_url: callbackUrl, zak_url: callbackUrl })
    .nullish(),
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

/** Fields of a bot that are accepted and echoed, and change nothing. */
const NOT_EMULATED: readonly (readonly string[])[] = [
  ['output_media'],
  ['automatic_video_output'],
  ['automatic_audio_output', 'in_call_recording', 'replay_on_participant_join'],
  ['zoom', 'user_email'],
  ['google_meet'],
  ['breakout_room'],
  ['chat', 'on_participant_join'],
  ['automatic_leave', 'bot_detection'],
  ['recording_config', 'video_separate_h264'],
  ['recording_config', 'audio_separate_mp3'],
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
