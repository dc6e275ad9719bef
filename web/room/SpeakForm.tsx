/** What somebody is to say: generated speech of some seconds, or a file of this machine. */
import { useState } from 'preact/hooks';

interface SpeakFormProps {
  readonly name: string;
  readonly unmuted: boolean;
  readonly onSpeak: (body: Readonly<Record<string, unknown>>) => void;
  readonly onUnmute: () => void;
}

const SECONDS = [2, 5, 15];

export function SpeakForm({ name, unmuted, onSpeak, onUnmute }: SpeakFormProps) {
  const [text, setText] = useState('');
  const [file, setFile] = useState('');
  if (!unmuted) {
    return (
      <div class="inline-form">
        <span class="hint">{name} is muted.</span>
        <button type="button" onClick={onUnmute}>
          Unmute
        </button>
      </div>
    );
  }
  const said = text === '' ? {} : { text };
  return (
    <div class="inline-form">
      <input
        type="text"
        aria-label="What the transcript has of it"
        placeholder="words for the transcript"
        value={text}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
      />
      <fieldset class="segments" aria-label="Generated speech">
        {SECONDS.map((duration) => (
          <button
            key={duration}
            type="button"
            aria-label={`Speak for ${duration} seconds`}
            onClick={() => onSpeak({ duration, ...said })}
          >
            {duration} s
          </button>
        ))}
      </fieldset>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (file !== '') onSpeak({ audio: file, ...said });
        }}
      >
        <input
          type="text"
          aria-label="A WAV file of this machine"
          placeholder="or a WAV: /path/to/file.wav"
          spellcheck={false}
          value={file}
          onInput={({ currentTarget }) => setFile(currentTarget.value)}
        />
        <button type="submit" disabled={file === ''}>
          Play
        </button>
      </form>
    </div>
  );
}
