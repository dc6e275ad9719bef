/** What goes wrong on purpose, at the press of a button. */
import { useId, useState } from 'preact/hooks';
import { act } from './call.ts';
import type { MeetingState } from './meeting-state.ts';
import { hello } from './store.ts';

/** What people want most, in one press. */
const QUICK = [
  {
    text: 'Drop all',
    title: 'Every connection is lost, as on a broken network',
    path: 'drop',
    body: {},
    done: 'Connections dropped',
  },
  {
    text: 'Refuse 10 s',
    title: 'Every dial fails for 10 seconds',
    path: 'refuse',
    body: { seconds: 10 },
    done: 'Dials fail for 10 s',
  },
  {
    text: 'Slow: 200 ms',
    title: 'Every message leaves 200 ms later',
    path: 'faults',
    body: { line: 'latency=200ms±50ms' },
    done: 'Messages are late',
  },
  {
    text: 'Stall',
    title: 'Nothing leaves any more',
    path: 'faults',
    body: { line: 'stall' },
    done: 'Nothing leaves',
  },
  {
    text: 'Lose 10 %',
    title: 'One message in ten is left out',
    path: 'faults',
    body: { line: 'lost=10%' },
    done: 'One in ten is lost',
  },
  {
    text: 'Duplicate 10 %',
    title: 'One message in ten comes twice',
    path: 'faults',
    body: { line: 'duplicated=10%' },
    done: 'One in ten comes twice',
  },
];

interface FaultsProps {
  readonly botId: string;
  readonly state: MeetingState | undefined;
}

export function Faults({ botId, state }: FaultsProps) {
  const cannot = state === undefined || state.isOver;
  return (
    <div class="faults">
      <fieldset class="quick" aria-label="Faults of one press" disabled={cannot}>
        {QUICK.map(({ text, title, path, body, done }) => (
          <button
            key={text}
            type="button"
            title={title}
            onClick={() => act('POST', `/bots/${botId}/${path}`, body, done)}
          >
            {text}
          </button>
        ))}
      </fieldset>
      <AnyFault botId={botId} disabled={cannot} />
      {state !== undefined && state.faults.length > 0 ? (
        <div class="in-force">
          <h3>Waiting or in force</h3>
          <ul>
            {state.faults.map((fault) => (
              <li key={fault}>
                <code>{fault}</code>
              </li>
            ))}
          </ul>
          <button
            type="button"
            disabled={cannot}
            onClick={() => act('DELETE', `/bots/${botId}/faults`, undefined, 'No more faults')}
          >
            End all of them
          </button>
        </div>
      ) : (
        <p class="hint">
          {cannot ? 'Faults are for a bot that records.' : 'Nothing goes wrong on purpose at the moment.'}
        </p>
      )}
    </div>
  );
}

function AnyFault({ botId, disabled }: { readonly botId: string; readonly disabled: boolean }) {
  const id = useId();
  const { faults = [] } = hello.value ?? {};
  const [line, setLine] = useState('');
  const add = (event: SubmitEvent): void => {
    event.preventDefault();
    void act('POST', `/bots/${botId}/faults`, { line }, `${line} begins`);
  };
  return (
    <form class="any-fault" onSubmit={add}>
      <label for={id}>Any fault</label>
      <input
        id={id}
        type="text"
        list={`${id}list`}
        spellcheck={false}
        placeholder="latency=200ms, reset, bandwidth=64k…"
        value={line}
        onInput={({ currentTarget }) => setLine(currentTarget.value)}
      />
      <datalist id={`${id}list`}>
        {faults.map(({ name, example, summary }) => (
          <option key={name} value={example.replace(/@.*/, '')}>
            {summary}
          </option>
        ))}
      </datalist>
      <button type="submit" disabled={disabled || line === ''}>
        Begin
      </button>
    </form>
  );
}
