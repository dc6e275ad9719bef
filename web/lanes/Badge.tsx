/** The letter of a participant, in their colour. */
import type { Person } from './people.ts';

export function Badge({ person }: { readonly person: Person }) {
  return (
    <span class={`badge ${person.tone}`} aria-hidden="true">
      {person.letter}
    </span>
  );
}
