/** The participant, as it stands in every real-time event. */
import { z } from 'zod';

/**
 * A meeting participant as Recall sends it.
 * `email` is in the newer documentation only ("Real-Time Event Payloads", 2026) and is left out when undefined.
 * `id` is unique in one meeting, not across meetings. `platform` is such as `desktop`, `dial-in` or `unknown`.
 */
export const participantSchema = z.looseObject({
  id: z.int(),
  name: z.string().nullable(),
  is_host: z.boolean(),
  platform: z.string().nullable(),
  extra_data: z.record(z.string(), z.unknown()),
  email: z.string().nullable().optional(),
});

export interface Participant {
  readonly id: number;
  readonly name: string | null;
  readonly is_host: boolean;
  readonly platform: string | null;
  readonly extra_data: Readonly<Record<string, unknown>>;
  readonly email?: string | null | undefined;
}
