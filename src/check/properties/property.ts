/** One thing that a good receiver does, and the meetings that show whether it does. One file each; `index.ts` has them all. */
import type fc from 'fast-check';
import type { Situation } from '../situations.ts';

export interface Property {
  readonly name: string;
  /** What it takes to have it. */
  readonly hint: string;
  /** Names of properties without which nobody can have this one: they are checked before it. */
  readonly needs: readonly string[];
  readonly situations: fc.Arbitrary<Situation>;
  /** Situations that are tried before the random ones. */
  readonly examples?: readonly Situation[];
}
