/** What a diagnosis is made of: each cause is a file in `causes/` that knows how it shows. */
import type { Diagnosis } from '../emulator/diagnosis.ts';
import type { Evidence } from './evidence.ts';
import type { Problem } from './problems.ts';

/** One cause. The words are those of docs/diagnoses.md, too. */
export interface Cause {
  /** Stable. */
  readonly code: string;
  /** In the receiver's terms, as a heading: `takes one connection per URL only`. */
  readonly title: string;
  /** How it shows in a run. */
  readonly shows: string;
  /** What to do. */
  readonly remedy: string;
  /** What there is to see of it; undefined when its pattern is not there. Never guesses. */
  look(evidence: Evidence, problems: readonly Problem[]): Finding | undefined;
}

export interface Finding extends Pick<Diagnosis, 'certainty' | 'text' | 'evidence'> {
  /** Where this case wants other words than the cause has. */
  readonly remedy?: string;
  /** The problems that it accounts for. None: it says something that no other cause would. */
  readonly explains: readonly Problem[];
}
