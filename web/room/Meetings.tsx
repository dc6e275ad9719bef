/** All bots, the newest first. */
import type { BotNews } from '../../src/server/control/live/batch.ts';
import { hashOf, shownBot } from './route.ts';
import { botList, link } from './store.ts';
import { clockText, inWords, safe } from './words.ts';

export function Meetings() {
  const all = botList.value;
  return (
    <>
      <div class="side-head">
        <h2>Meetings</h2>
        <a class="button" href="#/" aria-current={shownBot.value === '' ? 'page' : undefined}>
          New
        </a>
      </div>
      {all.length === 0 ? (
        <p class="side-empty">{link.value === 'connecting' ? 'Looking…' : 'No bot so far.'}</p>
      ) : (
        <ul class="bots">
          {all.map((bot) => (
            <li key={bot.bot_id}>
              <BotLink bot={bot} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function BotLink({ bot }: { readonly bot: BotNews }) {
  const status = bot.statuses.at(-1)?.code ?? 'ready';
  return (
    <a
      class="bot-link"
      href={hashOf(bot.bot_id)}
      aria-current={shownBot.value === bot.bot_id ? 'page' : undefined}
    >
      <StatusDot status={status} paused={bot.paused} />
      <span class="bot-name">
        <bdi>{safe(bot.name)}</bdi>
        <small>
          {bot.paused ? 'paused' : inWords(status)}
          {bot.elapsed_s > 0 && ` · ${clockText(bot.elapsed_s)}`}
          {bot.dropped > 0 && <b> · {bot.dropped} lost</b>}
        </small>
      </span>
      <code>{bot.bot_id.slice(0, 8)}</code>
    </a>
  );
}

/** A shape for each kind of status, beside its colour. */
export function StatusDot({
  status,
  paused = false,
}: {
  readonly status: string;
  readonly paused?: boolean;
}) {
  const kind =
    status === 'in_call_recording'
      ? 'recording'
      : status === 'fatal' || status.endsWith('denied')
        ? 'bad'
        : status === 'done' || status === 'call_ended'
          ? 'over'
          : paused
            ? 'paused'
            : 'coming';
  return <i class={`dot dot-${kind}`} aria-hidden="true" />;
}
