/**
 * `sdk_upload`: what a desktop app records with the Desktop SDK, without a bot ("Desktop SDK" and its reference, 2025-06 and 2026). The
 * vendor's OpenAPI document names only its id. **Our choice** of the codes `pending` and `recording`, which no webhook has.
 */
import { z } from 'zod';
import { recordingConfigSchema } from './recording-config.ts';
import { dateSchema, metadataSchema, statusSchema } from './shapes.ts';

export const SDK_UPLOAD_CODES = ['pending', 'recording', 'uploading', 'complete', 'failed'] as const;
export type SdkUploadCode = (typeof SDK_UPLOAD_CODES)[number];

/** `POST /api/v1/sdk_upload/`. The page of 2025-06 has `transcript` beside `recording_config`. */
export const createSdkUploadSchema = z.looseObject({
  recording_config: recordingConfigSchema.nullish(),
  transcript: z.looseObject({ provider: z.looseObject({}) }).nullish(),
  metadata: metadataSchema.optional(),
});
export type CreateSdkUpload = z.infer<typeof createSdkUploadSchema>;

export const sdkUploadSchema = z.object({
  id: z.uuid(),
  created_at: dateSchema,
  status: statusSchema(SDK_UPLOAD_CODES),
  /** Null until something is recorded. */
  recording_id: z.uuid().nullable(),
  upload_token: z.uuid(),
  recording_config: z.looseObject({}).nullable(),
  metadata: metadataSchema,
});
export type SdkUpload = z.infer<typeof sdkUploadSchema>;
