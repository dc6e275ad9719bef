/** Who is who in the lanes: everybody has a letter and a colour, so that colour alone never tells. */
import { plainText } from '../../src/plain-text.ts';

export interface Person {
  readonly id: number;
  /** As it was sent: may be null, empty, or equal to another's. */
  readonly name: string | null;
  /** `A`, `B`, … `Z`, `27`. */
  readonly letter: string;
  /** Class that sets `--person`. */
  readonly tone: string;
}

const LETTERS = 26;
/** As many as theme.css has. */
const TONES = 8;

export function personAt(index: number, { id, name }: Pick<Person, 'id' | 'name'>): Person {
  const letter = index < LETTERS ? String.fromCharCode(65 + index) : String(index + 1);
  return { id, name, letter, tone: `tone-${index % TONES}` };
}

/** What to call somebody who may have no name. What would not be seen in it is written out. */
export function nameOf({ id, name }: Pick<Person, 'id' | 'name'>): string {
  if (name === null) return `participant ${id} (name is null)`;
  return name.trim() === '' ? `participant ${id} (name is empty)` : plainText(name);
}

/** The same beside their id. */
export function shortNameOf({ name }: Pick<Person, 'name'>): string {
  if (name === null) return 'name is null';
  return name.trim() === '' ? 'name is empty' : plainText(name);
}
