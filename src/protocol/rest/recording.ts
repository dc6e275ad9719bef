/** `recording`, as it is answered and as it stands inside its bot. */
import { z } from 'zod';
import { mediaShortcutsSchema } from './media.ts';
import { dateSchema, metadataSchema, refSchema, statusSchema } from './shapes.ts';

export const RECORDING_STATUSES = ['processing', 'paused', 'done', 'failed', 'deleted'] as const;

/** Inside a bot. */
export const recordingEmbedSchema = z.object({
  id: z.uuid(),
  created_at: dateSchema,
  started_at: dateSchema.nullable(),
  completed_at: dateSchema.nullable(),
  expires_at: dateSchema.nullable(),
  status: statusSchema(RECORDING_STATUSES),
  media_shortcuts: mediaShortcutsSchema,
  metadata: metadataSchema,
});

export const recordingSchema = z.object({
  ...recordingEmbedSchema.shape,
  realtime_endpoints: z.array(refSchema),
  bot: refSchema.nullable(),
  /** In place of a bot. */
  desktop_sdk_upload: refSchema.nullable(),
});
export type Recording = z.infer<typeof recordingSchema>;
