/** `GET /api/v1/billing/usage/` ("Get Usage", 2025-06). */
import { z } from 'zod';

/** `bot_total`: seconds that bots were used for. */
export const usageSchema = z.object({ bot_total: z.number() });
