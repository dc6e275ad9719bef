/** A diagnosis, as reports carry it. `diagnose/` makes them; what they are made of is there. */
import { z } from 'zod';

export const diagnosisSchema = z.strictObject({
  code: z
    .string()
    .describe('Stable, for programs; docs/diagnoses.md has them all. `unknown`: no cause is known'),
  certainty: z
    .enum(['certain', 'likely'])
    .describe(
      '`certain`: nothing else shows like this. `likely`: it fits, and so may something that nobody has named',
    ),
  text: z.string().describe("The cause in the receiver's terms, one sentence"),
  evidence: z.array(z.string()).describe('What was seen, with connection numbers and times'),
  remedy: z.string().describe('What to do'),
});

/** A cause, in the receiver's terms, with what shows it and what to do about it. Safe to print. */
export type Diagnosis = z.infer<typeof diagnosisSchema>;
