/** Diagnoses of many bots: each cause once, as the first bot showed it, with how many it befell. */
import { z } from 'zod';
import { type Diagnosis, diagnosisSchema } from '../emulator/diagnosis.ts';

export const countedDiagnosisSchema = z.strictObject({
  ...diagnosisSchema.shape,
  bots: z.int().positive().describe('How many bots it befell; the evidence is of the first'),
});
export type CountedDiagnosis = z.infer<typeof countedDiagnosisSchema>;

export class DiagnosisTally {
  readonly #byCode = new Map<string, CountedDiagnosis>();

  /** Of one bot, or what another tally has counted. */
  note(diagnoses: readonly (Diagnosis & { readonly bots?: number })[]): void {
    for (const diagnosis of diagnoses) {
      const { code, bots = 1 } = diagnosis;
      const known = this.#byCode.get(code);
      this.#byCode.set(code, { ...(known ?? diagnosis), bots: (known?.bots ?? 0) + bots });
    }
  }

  /** What befell most comes first, and what is not known last. */
  get diagnoses(): CountedDiagnosis[] {
    return [...this.#byCode.values()].sort(
      (a, b) => Number(a.code === 'unknown') - Number(b.code === 'unknown') || b.bots - a.bots,
    );
  }
}
