/** `realtime_endpoint`, as it is answered. What a bot asks for is in `recording-config.ts`. */
import { z } from 'zod';
import { dateSchema, metadataSchema, refSchema, statusSchema } from './shapes.ts';

export const ENDPOINT_STATUSES = ['running', 'done', 'failed', 'deleted'] as const;

export const realtimeEndpointSchema = z.object({
  id: z.uuid(),
  recording: refSchema,
  created_at: dateSchema,
  status: statusSchema(ENDPOINT_STATUSES),
  metadata: metadataSchema,
  type: z.string(),
  url: z.string(),
  events: z.array(z.string()),
});
export type RealtimeEndpoint = z.infer<typeof realtimeEndpointSchema>;
