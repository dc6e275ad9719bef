/** What is shown: all meetings, or one. It stands behind the # of the address. */
import { signal } from '@preact/signals';

/** The bot whose meeting is shown; empty for none. */
export const shownBot = signal(botOf(location.hash));

addEventListener('hashchange', () => {
  shownBot.value = botOf(location.hash);
});

export function hashOf(botId: string): string {
  return `#/bot/${botId}`;
}

function botOf(hash: string): string {
  return /^#\/bot\/([\w-]+)$/.exec(hash)?.[1] ?? '';
}
