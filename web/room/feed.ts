/** The one connection by which news come. It comes back by itself, and asks for another meeting when another one is looked at. */
import { effect, signal } from '@preact/signals';
import type { LiveBatch } from '../../src/server/control/live/batch.ts';
import { forgetMeeting, link, takeIn } from './store.ts';

/** Milliseconds until a lost server is asked again. */
const AGAIN_MS = 1_000;

/** The bot that is looked at; empty for none. */
export const watched = signal('');
/** Of the messages of audio one in so many is shown. */
export const everyNth = signal(10);

let source: EventSource | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Begins. Whenever another bot is looked at, it begins anew. */
export function startFeed(): void {
  effect(() => open(watched.value, everyNth.value));
}

/** Asks once more, now. */
export function retry(): void {
  open(watched.peek(), everyNth.peek());
}

function open(bot: string, every: number): void {
  source?.close();
  clearTimeout(timer);
  forgetMeeting();
  const query = new URLSearchParams({ every: String(every), ...(bot !== '' && { bot }) });
  const fresh = new EventSource(`/_emulator/live?${query}`);
  source = fresh;
  let isFirst = true;
  fresh.onmessage = ({ data }) => {
    takeIn(JSON.parse(data) as LiveBatch, isFirst);
    isFirst = false;
    link.value = 'live';
  };
  fresh.onerror = () => {
    fresh.close();
    void onLost(bot, every);
  };
}

async function onLost(bot: string, every: number): Promise<void> {
  // EventSource does not tell why.
  const status = await fetch('/_emulator').then(
    ({ status }) => status,
    () => 0,
  );
  link.value = status === 401 ? 'locked' : 'lost';
  if (status === 401) return;
  clearTimeout(timer);
  timer = setTimeout(() => open(bot, every), AGAIN_MS);
}
