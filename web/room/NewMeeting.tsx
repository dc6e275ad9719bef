/** A bot made by hand, and what to do where nobody has made any. */
import { useId, useState } from 'preact/hooks';
import { ask, reasonOf } from './call.ts';
import { hashOf } from './route.ts';
import { bots, hello } from './store.ts';
import { inWords } from './words.ts';

const EVENTS = [
  'audio_separate_raw.data',
  'participant_events.join',
  'participant_events.leave',
  'participant_events.speech_on',
  'participant_events.speech_off',
];

/** What is asked for, in the fields of the form. */
interface Asked {
  readonly url: string;
  readonly name: string;
  readonly connections: string;
  readonly plays: string;
  readonly withEvents: boolean;
  readonly isHeard: boolean;
}

const FIRST: Asked = {
  url: 'ws://127.0.0.1:4000/',
  name: 'Notetaker',
  connections: '',
  plays: 'course:by_hand',
  withEvents: false,
  isHeard: true,
};

function requestOf({ url, name, connections, plays, withEvents, isHeard }: Asked): Record<string, unknown> {
  const [kind, what] = plays.split(':');
  return {
    meeting_url: 'https://zoom.us/j/1234567890',
    bot_name: name,
    metadata: {
      ...(kind === 'course' && { recall_emulator_course: what }),
      ...(kind === 'scenario' && { recall_emulator_scenario: what }),
      ...(connections !== '' && { recall_emulator_connections: connections }),
    },
    recording_config: {
      audio_separate_raw: {},
      ...(isHeard && { include_bot_in_recording: { audio: true } }),
      ...(withEvents && { participant_events: {} }),
      realtime_endpoints: [{ type: 'websocket', url, events: withEvents ? EVENTS : EVENTS.slice(0, 1) }],
    },
  };
}

export function NewMeeting() {
  const [asked, setAsked] = useState(FIRST);
  const [wrong, setWrong] = useState('');
  const [busy, setBusy] = useState(false);
  const change = (part: Partial<Asked>): void => setAsked({ ...asked, ...part });
  const create = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    const answer = await ask('POST', '/bots', { request: requestOf(asked) });
    setBusy(false);
    setWrong(answer.ok ? '' : reasonOf(answer));
    if (answer.ok) location.hash = hashOf(answer.body.id);
  };
  return (
    <section class="new">
      <h1>{bots.value.size === 0 ? 'No meeting yet' : 'A new meeting'}</h1>
      <p class="lead">
        A bot joins a meeting and sends what everybody says to your receiver, each participant separately.
        Your app makes bots over the API; here you make one by hand.
      </p>
      <form class="form" onSubmit={create}>
        <Fields asked={asked} change={change} wrong={wrong} />
        <div class="form-end">
          <button type="submit" class="primary" disabled={busy || asked.url === ''}>
            Create the bot
          </button>
          <span class="hint">
            {hello.value?.keyed === true
              ? 'With the API key of this server.'
              : 'With the API key "recall-emulator".'}
          </span>
        </div>
      </form>
      <Curl asked={asked} />
    </section>
  );
}

interface FieldsProps {
  readonly asked: Asked;
  readonly change: (part: Partial<Asked>) => void;
  /** Why the last try was refused. */
  readonly wrong: string;
}

function Fields({ asked, change, wrong }: FieldsProps) {
  const id = useId();
  const { courses = [], scenarios = [] } = hello.value ?? {};
  return (
    <>
      <label for={`${id}url`}>Your receiver</label>
      <input
        id={`${id}url`}
        type="text"
        inputMode="url"
        spellcheck={false}
        value={asked.url}
        aria-invalid={wrong !== ''}
        aria-describedby={wrong === '' ? undefined : `${id}wrong`}
        onInput={({ currentTarget }) => change({ url: currentTarget.value })}
      />
      {wrong !== '' && (
        <p id={`${id}wrong`} class="field-error" role="alert">
          {wrong}
        </p>
      )}
      <label for={`${id}plays`}>What happens</label>
      <select
        id={`${id}plays`}
        value={asked.plays}
        onChange={({ currentTarget }) => change({ plays: currentTarget.value })}
      >
        <option value="">what the server plays by itself</option>
        <optgroup label="Scenarios">
          {scenarios.map((name) => (
            <option key={name} value={`scenario:${name}`}>
              {name}
            </option>
          ))}
        </optgroup>
        <optgroup label="Courses">
          {courses.map((name) => (
            <option key={name} value={`course:${name}`}>
              {inWords(name)}
            </option>
          ))}
        </optgroup>
      </select>
      <HowFields asked={asked} change={change} />
    </>
  );
}

/** How the bot is, and connects. */
function HowFields({ asked, change }: Pick<FieldsProps, 'asked' | 'change'>) {
  const id = useId();
  const { connections = 'per-participant' } = hello.value ?? {};
  return (
    <>
      <label for={`${id}mode`}>Connections</label>
      <select
        id={`${id}mode`}
        value={asked.connections}
        onChange={({ currentTarget }) => change({ connections: currentTarget.value })}
      >
        <option value="">as the server does: {connections}</option>
        <option value="per-participant">one per unmuted participant</option>
        <option value="per-endpoint">one for the whole call</option>
      </select>
      <label for={`${id}name`}>Name of the bot</label>
      <input
        id={`${id}name`}
        type="text"
        value={asked.name}
        onInput={({ currentTarget }) => change({ name: currentTarget.value })}
      />
      <div class="checks">
        <label>
          <input
            type="checkbox"
            checked={asked.withEvents}
            onChange={({ currentTarget }) => change({ withEvents: currentTarget.checked })}
          />
          participant events, too
        </label>
        <label>
          <input
            type="checkbox"
            checked={asked.isHeard}
            onChange={({ currentTarget }) => change({ isHeard: currentTarget.checked })}
          />
          the bot is heard when it speaks
        </label>
      </div>
    </>
  );
}

function Curl({ asked }: { readonly asked: Asked }) {
  const key = hello.value?.keyed === true ? '$RECALL_API_KEY' : 'any-key';
  const line = [
    `curl -X POST ${location.origin}/api/v1/bot/ \\`,
    `  -H 'Authorization: Token ${key}' -H 'Content-Type: application/json' \\`,
    `  -d '${JSON.stringify(requestOf(asked)).replaceAll("'", "'\\''")}'`,
  ].join('\n');
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    void navigator.clipboard.writeText(line).then(() => setCopied(true));
  };
  return (
    <section class="curl" aria-label="The same with curl">
      <div class="curl-head">
        <h2>The same, as your app does it</h2>
        <button type="button" onClick={copy}>
          {copied ? 'Copied' : 'Copy'}
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard. */}
      <pre tabIndex={0}>
        <code>{line}</code>
      </pre>
    </section>
  );
}
