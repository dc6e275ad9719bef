/** Hearing the meeting, and joining it with a microphone of one's own. */
import { useEffect, useState } from 'preact/hooks';
import { shortNameOf } from '../lanes/people.ts';
import type { MeetingState } from './meeting-state.ts';
import { type Heard, latencyMs, you } from './sound/line.ts';
import { hangUp, hear, heard, join, leave, setMuted } from './sound/sound.ts';
import { tick } from './store.ts';

interface HearProps {
  readonly botId: string;
  readonly state: MeetingState;
}

export function Hear({ botId, state }: HearProps) {
  // The meeting changes in place.
  tick.value;
  useEffect(() => hangUp, [botId]);
  if (state.isOver) return null;
  return (
    <section class="hear" aria-label="Hear and speak">
      <label>
        Hear
        <select
          value={String(heard.value)}
          onChange={({ currentTarget }) => void hear(botId, heardOf(currentTarget.value))}
        >
          <option value="nothing">nobody</option>
          <option value="mix">everybody</option>
          <option value="bot">what the bot says</option>
          {state.people.map((person) => (
            <option key={person.id} value={String(person.id)}>
              {shortNameOf(person)}
            </option>
          ))}
        </select>
      </label>
      <span class="divider" />
      {you.value === null ? <Outside botId={botId} /> : <Inside muted={you.value.muted} />}
    </section>
  );
}

function heardOf(value: string): Heard {
  return value === 'nothing' || value === 'mix' || value === 'bot' ? value : Number(value);
}

function Outside({ botId }: { readonly botId: string }) {
  const [name, setName] = useState('You');
  const [clean, setClean] = useState(true);
  return (
    <form
      class="own"
      onSubmit={(event) => {
        event.preventDefault();
        void join(botId, name, clean);
      }}
    >
      <input
        type="text"
        size={10}
        aria-label="Your name in the meeting"
        value={name}
        onInput={({ currentTarget }) => setName(currentTarget.value)}
      />
      <button type="submit" class="primary">
        Join with your microphone
      </button>
      <label title="Echo cancellation, noise suppression and gain of the browser">
        <input
          type="checkbox"
          checked={clean}
          onChange={({ currentTarget }) => setClean(currentTarget.checked)}
        />
        take out echo and noise
      </label>
    </form>
  );
}

function Inside({ muted }: { readonly muted: boolean }) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const isTyping =
        (event.target as Element).closest('input, textarea, select, [role="listbox"]') !== null;
      if (event.key !== 'm' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      setMuted(!muted);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [muted]);
  const ms = latencyMs.value;
  return (
    <div class="own">
      <button
        type="button"
        class={muted ? 'primary' : 'danger'}
        aria-keyshortcuts="M"
        onClick={() => setMuted(!muted)}
      >
        {muted ? 'Unmute yourself (M)' : 'Mute yourself (M)'}
      </button>
      <button type="button" onClick={leave}>
        Leave with your microphone
      </button>
      <span
        class="latency"
        title="From your microphone until a frame leaves for the receiver, the frame's own length included"
      >
        {muted || ms === undefined ? 'You are muted.' : <b>{Math.round(ms)} ms</b>}
        {!muted && ms !== undefined && ' to the receiver'}
      </span>
    </div>
  );
}
