/** Answers of API v1.10 that apps still ask for. */
import { z } from 'zod';

/** `GET /api/v1/bot/{id}/transcript/`: flat, and with seconds since the recording started. */
export const legacyTranscriptSchema = z.array(
  z.object({
    speaker: z.string().nullable(),
    words: z.array(
      z.object({ text: z.string(), start_timestamp: z.number(), end_timestamp: z.number().nullable() }),
    ),
  }),
);
export type LegacyTranscript = z.infer<typeof legacyTranscriptSchema>;
