/** `automatic_leave` of a bot: after how many seconds it leaves on its own. Everything is optional. */
import { z } from 'zod';

type EveryoneLeft = { timeout?: number | undefined; activate_after?: number | null | undefined };

export const automaticLeaveSchema = z.looseObject({
  waiting_room_timeout: z.int().min(30).optional(),
  noone_joined_timeout: z.int().min(30).optional(),
  // A number of seconds in v1.10, which apps still send; 0 is the documented default of `activate_after`.
  everyone_left_timeout: z
    .union([
      z.looseObject({ timeout: z.int().min(1).optional(), activate_after: z.int().min(0).nullish() }),
      z
        .int()
        .min(1)
        .transform((timeout): EveryoneLeft => ({ timeout })),
    ])
    .optional(),
  in_call_not_recording_timeout: z.int().min(1).optional(),
  in_call_recording_timeout: z.int().min(1).optional(),
  recording_permission_denied_timeout: z.int().min(1).optional(),
  silence_detection: z
    .looseObject({ timeout: z.int().min(10).optional(), activate_after: z.int().min(1).optional() })
    .optional(),
});

export type AutomaticLeave = z.infer<typeof automaticLeaveSchema>;
