/** Somebody joins. */
import { useState } from 'preact/hooks';
import { act } from './call.ts';
import type { PersonState } from './meeting-state.ts';

/** Ids of the vendor's samples are hundreds. */
const ID_STEP = 100;

const NAMES = ['Cy', 'Dee', 'Eve', 'Finn', 'Gus', 'Hana', 'Ines', 'Jo', 'Kim', 'Lou', 'Mo', 'Nia'];

function nextId(people: readonly PersonState[]): number {
  const highest = people.reduce((most, { id }) => Math.max(most, id), 0);
  return Math.floor(highest / ID_STEP) * ID_STEP + ID_STEP;
}

export function JoinForm({
  botId,
  people,
}: {
  readonly botId: string;
  readonly people: readonly PersonState[];
}) {
  const [name, setName] = useState('');
  const suggested = NAMES[people.length % NAMES.length]!;
  const join = (event: SubmitEvent): void => {
    event.preventDefault();
    void act('POST', `/bots/${botId}/participants`, {
      id: nextId(people),
      name: name === '' ? suggested : name,
    });
    setName('');
  };
  return (
    <form class="tile join-tile" aria-label="Somebody joins" onSubmit={join}>
      <input
        type="text"
        aria-label="Name of who joins"
        placeholder={suggested}
        value={name}
        onInput={({ currentTarget }) => setName(currentTarget.value)}
      />
      <button type="submit">Add somebody</button>
    </form>
  );
}
