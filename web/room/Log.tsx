/** Everything that happens, one line each: what `serve` prints. */
import { activities } from './store.ts';
import { timeOfDay } from './words.ts';

const SHOWN = 200;

export function Log({ botId }: { readonly botId: string }) {
  const lines = activities.value
    .filter(({ bot_id }) => bot_id === undefined || bot_id === botId)
    .slice(-SHOWN);
  if (lines.length === 0) return <p class="empty small">Nothing has happened.</p>;
  return (
    <ol class="log">
      {lines.toReversed().map(({ number, at, kind, text }) => (
        <li key={number} class={`log-${kind}`}>
          <time>{timeOfDay(at)}</time>
          <span class="log-kind">{kind.replace('_', ' ')}</span>
          <span class="log-text">{text}</span>
        </li>
      ))}
    </ol>
  );
}
