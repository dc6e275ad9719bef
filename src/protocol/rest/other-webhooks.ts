/**
 * Webhooks in other envelopes than those of bots and recordings: calendars, Desktop SDK uploads, logs, and the status of a bot as
 * older workspaces have it (the published schemas).
 */
import { z } from 'zod';
import { publishedSchema } from '../json-schema.ts';
import { resourceRefSchema } from '../resource.ts';
import { statusOf, statusWebhookSchema } from './webhooks.ts';

const dateSchema = z.iso.datetime({ offset: true });

export const SDK_UPLOAD_STATUSES = ['uploading', 'complete', 'failed'] as const;

/** An upload that has failed has no recording. */
export const sdkUploadWebhookSchema = z.looseObject({
  event: z.templateLiteral(['sdk_upload.', z.enum(SDK_UPLOAD_STATUSES)]),
  data: z.looseObject({
    data: statusOf(SDK_UPLOAD_STATUSES),
    sdk_upload: resourceRefSchema,
    recording: resourceRefSchema.nullable(),
  }),
});
export type SdkUploadWebhook = z.infer<typeof sdkUploadWebhookSchema>;

export const calendarUpdateWebhookSchema = z.looseObject({
  event: z.literal('calendar.update'),
  data: z.looseObject({ calendar_id: z.string() }),
});
export type CalendarUpdateWebhook = z.infer<typeof calendarUpdateWebhookSchema>;

export const calendarSyncWebhookSchema = z.looseObject({
  event: z.literal('calendar.sync_events'),
  data: z.looseObject({ calendar_id: z.string(), last_updated_ts: dateSchema }),
});
export type CalendarSyncWebhook = z.infer<typeof calendarSyncWebhookSchema>;

export const botLogWebhookSchema = z.looseObject({
  event: z.enum(['bot.log', 'bot.output_log']),
  data: z.looseObject({
    bot_id: z.string().nullish(),
    job_id: z.string().nullish(),
    log: z.looseObject({
      level: z.string(),
      message: z.string(),
      output_id: z.string().nullable(),
      created_at: dateSchema,
    }),
  }),
});
export type BotLogWebhook = z.infer<typeof botLogWebhookSchema>;

/** Of older workspaces: the one webhook for every status of a bot. */
export const botStatusChangeWebhookSchema = z.looseObject({
  event: z.literal('bot.status_change'),
  data: z.looseObject({
    bot_id: z.string(),
    status: z.looseObject({
      code: z.string(),
      sub_code: z.string().nullable(),
      message: z.string().nullable(),
      created_at: dateSchema,
    }),
  }),
});
export type BotStatusChangeWebhook = z.infer<typeof botStatusChangeWebhookSchema>;

/** Any webhook of the dashboard. */
export const webhookSchema = z.union([
  statusWebhookSchema,
  sdkUploadWebhookSchema,
  calendarUpdateWebhookSchema,
  calendarSyncWebhookSchema,
  botLogWebhookSchema,
  botStatusChangeWebhookSchema,
]);
export type Webhook = z.infer<typeof webhookSchema>;

/** JSON Schema (2020-12) of all webhooks of the dashboard, made from the reader's schemas. */
export function webhookJsonSchema(): unknown {
  return publishedSchema('webhooks', webhookSchema, { io: 'input' });
}
