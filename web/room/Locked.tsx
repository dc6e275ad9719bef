/** Where the server has an API key and the page has not been let in. */
import { useState } from 'preact/hooks';
import { retry } from './feed.ts';
import { link } from './store.ts';

export function Locked() {
  const [key, setKey] = useState('');
  const [wrong, setWrong] = useState(false);
  const enter = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const { ok } = await fetch('/_emulator/visit', {
      method: 'POST',
      headers: { Authorization: `Token ${key}` },
    });
    setWrong(!ok);
    if (!ok) return;
    link.value = 'connecting';
    retry();
  };
  return (
    <main class="locked">
      <h1>This server has an API key</h1>
      <p>
        Open the address that it has printed: its token lets you in once. Or give the key, which is sent to
        this server only and is not kept.
      </p>
      <form onSubmit={enter}>
        <label for="key">API key</label>
        <input
          id="key"
          type="password"
          autoComplete="off"
          value={key}
          aria-invalid={wrong}
          aria-describedby={wrong ? 'wrong' : undefined}
          onInput={({ currentTarget }) => setKey(currentTarget.value)}
        />
        <button type="submit" class="primary" disabled={key === ''}>
          Enter
        </button>
        {wrong && (
          <p id="wrong" class="field-error">
            That is not its key.
          </p>
        )}
      </form>
    </main>
  );
}
