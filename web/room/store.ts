/** All that the page knows, filled by the one feed of the server. Components read its signals. */
import { computed, signal } from '@preact/signals';
import type {
  BotNews,
  DeliveryNews,
  Hello,
  LiveBatch,
  MessageNews,
  RequestNews,
} from '../../src/server/control/live/batch.ts';
import type { Activity } from '../../src/server/store/activity.ts';
import { MeetingState } from './meeting-state.ts';

/**
 * `connecting`: nothing has come yet. `live`: it comes. `lost`: the server does not answer, and is asked again. `locked`: it wants its
 * key.
 */
export type Link = 'connecting' | 'live' | 'lost' | 'locked';

const MAX_ACTIVITIES = 500;
const MAX_LINES = 1_000;
const MAX_MESSAGES = 2_000;

export const link = signal<Link>('connecting');
export const hello = signal<Hello | undefined>(undefined);
/** The server is another than before: what that one played is gone. */
export const wasRestarted = signal(false);
export const bots = signal<ReadonlyMap<string, BotNews>>(new Map());
export const activities = signal<readonly Activity[]>([]);
export const requests = signal<readonly RequestNews[]>([]);
export const deliveries = signal<ReadonlyMap<string, DeliveryNews>>(new Map());
export const messages = signal<readonly MessageNews[]>([]);
/** Messages that were not told, by the sampling. */
export const messagesLeftOut = signal(0);
/** The meeting that is looked at. It changes in place: `tick` tells when. */
export const meeting = signal<MeetingState | undefined>(undefined);
export const tick = signal(0);

/** Newest first. */
export const botList = computed(() =>
  [...bots.value.values()].sort((a, b) => b.created_at.localeCompare(a.created_at)),
);

/** Another meeting is looked at from here on, or none. */
export function forgetMeeting(): void {
  meeting.value = undefined;
  messages.value = [];
  messagesLeftOut.value = 0;
}

/** Takes in what a batch tells. One batch is one change of everything. */
export function takeIn(batch: LiveBatch, isFirst: boolean): void {
  if (batch.hello !== undefined) greet(batch.hello);
  if (isFirst) beginAnew();
  if (batch.bots !== undefined || batch.forgotten_bots !== undefined) {
    const all = new Map(bots.value);
    for (const bot of batch.bots ?? []) all.set(bot.bot_id, bot);
    for (const id of batch.forgotten_bots ?? []) all.delete(id);
    bots.value = all;
  }
  if (batch.activity !== undefined)
    activities.value = [...activities.value, ...batch.activity].slice(-MAX_ACTIVITIES);
  if (batch.requests !== undefined) requests.value = [...requests.value, ...batch.requests].slice(-MAX_LINES);
  if (batch.deliveries !== undefined) takeDeliveries(batch.deliveries);
  if (batch.meeting !== undefined) takeMeeting(batch.meeting);
  tick.value++;
}

function greet(now: Hello): void {
  const before = hello.value;
  if (before !== undefined && before.server !== now.server) wasRestarted.value = true;
  hello.value = now;
}

/** A feed tells all that there is when it begins. */
function beginAnew(): void {
  bots.value = new Map();
  activities.value = [];
  requests.value = [];
  deliveries.value = new Map();
  forgetMeeting();
}

function takeDeliveries(news: readonly DeliveryNews[]): void {
  const all = new Map(deliveries.value);
  for (const delivery of news) all.set(delivery.id, delivery);
  for (const id of all.keys()) {
    if (all.size <= MAX_LINES) break;
    all.delete(id);
  }
  deliveries.value = all;
}

function takeMeeting(news: NonNullable<LiveBatch['meeting']>): void {
  let state = meeting.value;
  if (state === undefined || !state.isOf(news)) {
    state = new MeetingState(news);
    messages.value = [];
    meeting.value = state;
  }
  state.takeIn(news);
  if (news.messages !== undefined)
    messages.value = [...messages.value, ...news.messages].slice(-MAX_MESSAGES);
  messagesLeftOut.value += news.messages_left_out ?? 0;
}
