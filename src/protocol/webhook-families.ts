/** The webhooks of the dashboard by family, as published documents name them. */
import type { z } from 'zod';
import {
  botLogWebhookSchema,
  botStatusChangeWebhookSchema,
  calendarSyncWebhookSchema,
  calendarUpdateWebhookSchema,
  sdkUploadWebhookSchema,
} from './rest/other-webhooks.ts';
import {
  botStatusWebhookSchema,
  endpointStatusWebhookSchema,
  mediaStatusWebhookSchemas,
  recordingStatusWebhookSchema,
} from './rest/webhooks.ts';

/** One schema a family: `bot.*`, `recording.*` … */
export const WEBHOOK_FAMILIES: Readonly<Record<string, z.ZodType>> = {
  'bot.status': botStatusWebhookSchema,
  'recording.status': recordingStatusWebhookSchema,
  'realtime_endpoint.status': endpointStatusWebhookSchema,
  ...Object.fromEntries(
    Object.entries(mediaStatusWebhookSchemas).map(([kind, schema]) => [`${kind}.status`, schema]),
  ),
  'sdk_upload.status': sdkUploadWebhookSchema,
  'calendar.update': calendarUpdateWebhookSchema,
  'calendar.sync_events': calendarSyncWebhookSchema,
  'bot.log': botLogWebhookSchema,
  'bot.status_change': botStatusChangeWebhookSchema,
};
