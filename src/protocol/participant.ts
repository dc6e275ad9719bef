/** The participant, as it stands in every real-time event. */
import { z } from 'zod';

/**
 * A meeting participant as Recall sends it.
 * `email` is in the newer documentation only ("Real-Time Event Payloads", 2026) and is left out when undefined.
 * `is_host` and `extra_data` may be null ("Download Schemas", 2026).
 * `id` is unique in one meeting, not across meetings. `platform` is such as `desktop`, `dial-in` or `unknown`.
 */
export const participantSchema = z.looseObject({
  id: z.int(),
  name: z.string().nullable(),
  is_host: z.boolean().nullable(),
  platform: z.string().nullable(),
  extra_data: z.record(z.string(), z.unknown()).nullable(),
  email: z.string().nullable().optional(),
});

export interface Participant {
  readonly id: number;
  readonly name: string | null;
  readonly is_host: boolean | null;
  readonly platform: string | null;
  readonly extra_data: Readonly<Record<string, unknown>> | null;
  readonly email?: string | null | undefined;
}
