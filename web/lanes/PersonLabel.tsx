/** Whose lane it is: badge, name, and one thing more. */
import type { ComponentChildren } from 'preact';
import { Badge } from './Badge.tsx';
import { nameOf, type Person, shortNameOf } from './people.ts';

interface PersonLabelProps {
  readonly person: Person;
  /** The small line below the name. */
  readonly children: ComponentChildren;
}

export function PersonLabel({ person, children }: PersonLabelProps) {
  return (
    <>
      <Badge person={person} />
      <span class="who">
        <bdi title={nameOf(person)}>{shortNameOf(person)}</bdi>
        <small>{children}</small>
      </span>
    </>
  );
}
