/** A cause that shows in what cases came to: in what was kept, in the process, or in what several cases have in common. */
import type { Diagnosis } from '../emulator/diagnosis.ts';
import type { CaseResult } from './report.ts';
import type { Results } from './results.ts';

export interface KeptCause {
  /** Stable, for programs: `keyed_by_name`. */
  readonly code: string;
  /** In the receiver's terms, as a heading: `Keys audio by name`. */
  readonly title: string;
  /** What there is to see of it. */
  readonly shows: string;
  readonly remedy: string;
  /** Undefined when its pattern is not there, or anything contradicts it. Never guesses. */
  look(results: Results): FoundCause | undefined;
}

export interface FoundCause {
  /** `certain`: cases without the one thing that it is about were played, and passed. */
  readonly certainty: Diagnosis['certainty'];
  /** One sentence without its end: what was found in a case follows. */
  readonly text: string;
  /** The cases that it explains, the most telling first; what is wrong in them is its evidence. Never empty. */
  readonly explains: readonly CaseResult[];
  /** What else shows it. */
  readonly evidence?: readonly string[];
}
