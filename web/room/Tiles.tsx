/** A tile for everybody in the meeting: how loud they are, and what they can be made to do. */
import { useState } from 'preact/hooks';
import { Badge } from '../lanes/Badge.tsx';
import { personAt, shortNameOf } from '../lanes/people.ts';
import { act } from './call.ts';
import { JoinForm } from './JoinForm.tsx';
import type { MeetingState, PersonState } from './meeting-state.ts';
import { SpeakForm } from './SpeakForm.tsx';

interface TilesProps {
  readonly botId: string;
  readonly state: MeetingState;
}

export function Tiles({ botId, state }: TilesProps) {
  const { people, isOver } = state;
  return (
    <section class="tiles" aria-label="Participants" data-many={people.length > 12}>
      {people.map((person, index) => (
        <Tile key={person.id} botId={botId} person={person} index={index} isOver={isOver} />
      ))}
      {!isOver && <JoinForm botId={botId} people={people} />}
    </section>
  );
}

interface TileProps {
  readonly botId: string;
  readonly person: PersonState;
  readonly index: number;
  readonly isOver: boolean;
}

function Tile({ botId, person, index, isOver }: TileProps) {
  const face = personAt(index, person);
  const name = shortNameOf(person);
  const { id, present, unmuted, speaking, is_bot, is_host } = person;
  return (
    <article
      class={`tile ${face.tone} ${present ? '' : 'absent'} ${speaking && unmuted ? 'speaking' : ''}`}
      aria-label={`${name}: ${stateOf(person)}`}
    >
      <header>
        <Badge person={face} />
        <span class="tile-name">
          <bdi title={name}>{name}</bdi>
          <small>
            {id}
            {is_bot ? ' · the bot' : is_host ? ' · host' : ''}
          </small>
        </span>
        <MicShape open={unmuted} />
      </header>
      <Level level={unmuted ? person.level : 0} />
      <p class="tile-state">
        {stateOf(person)}
        {person.dropped > 0 && <b>{person.dropped} lost</b>}
      </p>
      {!isOver && <Deeds botId={botId} person={person} name={name} />}
    </article>
  );
}

interface DeedsProps {
  readonly botId: string;
  readonly person: PersonState;
  readonly name: string;
}

/** What they can be made to do. */
function Deeds({ botId, person, name }: DeedsProps) {
  const [opened, setOpened] = useState<'speak' | 'rename' | undefined>(undefined);
  const { id, present, unmuted } = person;
  const order = (action: string, body?: unknown): void => {
    void act('POST', `/bots/${botId}/participants/${id}/${action}`, body);
  };
  const open = (what: 'speak' | 'rename'): void => setOpened(opened === what ? undefined : what);
  if (!present) return <Rejoin botId={botId} person={person} name={name} />;
  const deed = unmuted ? 'Mute' : 'Unmute';
  return (
    <>
      <div class="tile-actions">
        <button
          type="button"
          class={`toggle ${unmuted ? 'on' : ''}`}
          aria-label={`${deed} ${name}`}
          onClick={() => order(unmuted ? 'mute' : 'unmute')}
        >
          {deed}
        </button>
        <Opener
          label={`Let ${name} speak`}
          text="Speak"
          isOpen={opened === 'speak'}
          onClick={() => open('speak')}
        />
        <Opener
          label={`Rename ${name}`}
          text="Aa"
          isOpen={opened === 'rename'}
          onClick={() => open('rename')}
        />
        <button type="button" class="quiet" aria-label={`Leave: ${name}`} onClick={() => order('leave')}>
          Leave
        </button>
      </div>
      {opened === 'speak' && (
        <SpeakForm
          name={name}
          unmuted={unmuted}
          onSpeak={(body) => order('speak', body)}
          onUnmute={() => order('unmute')}
        />
      )}
      {opened === 'rename' && (
        <RenameForm
          name={person.name ?? ''}
          onRename={(to) => {
            order('update', { name: to });
            setOpened(undefined);
          }}
        />
      )}
    </>
  );
}

function Rejoin({ botId, person: { id, name: sent }, name }: DeedsProps) {
  return (
    <div class="tile-actions">
      <button
        type="button"
        aria-label={`Join: ${name}`}
        onClick={() => act('POST', `/bots/${botId}/participants`, { id, name: sent })}
      >
        Join
      </button>
    </div>
  );
}

interface OpenerProps {
  readonly label: string;
  readonly text: string;
  readonly isOpen: boolean;
  readonly onClick: () => void;
}

function Opener({ label, text, isOpen, onClick }: OpenerProps) {
  return (
    <button type="button" aria-expanded={isOpen} aria-label={label} title={label} onClick={onClick}>
      {text}
    </button>
  );
}

function stateOf({ present, unmuted, speaking, connection }: PersonState): string {
  if (!present) return 'not in the meeting';
  if (!unmuted) return 'muted';
  const said = speaking ? 'speaking' : 'silent';
  if (connection === 'open') return said;
  // A platform streams so many at a time; or nobody has asked for audio.
  return `${said}, ${connection === 'idle' || connection === 'muted' ? 'not streamed' : connection}`;
}

/** 60 dB of what there is between silence and full scale. */
const FLOOR_DB = 60;

function Level({ level }: { readonly level: number }) {
  const decibels = level > 0 ? 20 * Math.log10(level) : -FLOOR_DB;
  const share = Math.min(1, Math.max(0, 1 + decibels / FLOOR_DB));
  return (
    <div class="level" aria-hidden="true">
      <i style={{ transform: `scaleX(${share.toFixed(3)})` }} />
    </div>
  );
}

function MicShape({ open }: { readonly open: boolean }) {
  return (
    <svg
      class={`mic ${open ? 'mic-open' : 'mic-closed'}`}
      viewBox="0 0 16 16"
      width="16"
      height="16"
      aria-hidden="true"
    >
      <rect x="6" y="2" width="4" height="7" rx="2" />
      <path d="M4 8a4 4 0 008 0M8 12v2" />
      {!open && <path class="slash" d="M3 2l10 12" />}
    </svg>
  );
}

function RenameForm({
  name,
  onRename,
}: {
  readonly name: string;
  readonly onRename: (name: string) => void;
}) {
  const [value, setValue] = useState(name);
  return (
    <form
      class="inline-form"
      onSubmit={(event) => {
        event.preventDefault();
        onRename(value);
      }}
    >
      <input
        type="text"
        aria-label="New name"
        value={value}
        ref={(element) => element?.focus()}
        onInput={({ currentTarget }) => setValue(currentTarget.value)}
      />
      <button type="submit">Rename</button>
    </form>
  );
}
