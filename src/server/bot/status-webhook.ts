/** Tells a change of status by webhook, in the envelope that all status webhooks of Recall have. */
import type { ResourceRef } from '../../protocol/resource.ts';
import { errorOf } from '../../protocol/rest/webhooks.ts';
import { type StatusOfWebhook, statusWebhook } from '../../protocol/webhook-builder.ts';
import { type BotRecord, eventRefOf } from '../store/records.ts';
import type { BotContext } from './context.ts';

/** `refs`: what it is about, where that is not the bot itself. What is told is kept, too. */
export function tellStatus(
  { store, webhooks, calendar }: BotContext,
  bot: BotRecord,
  event: string,
  status: StatusOfWebhook,
  refs: Readonly<Record<string, ResourceRef>> = {},
): void {
  store.changed(bot.id);
  const ofBot = eventRefOf({ id: bot.id, metadata: bot.request.metadata });
  const told = { ...status, error: errorOf(event) };
  webhooks.status(bot.id, statusWebhook(event, told, calendar.nowInEvents(), { ...refs, bot: ofBot }));
}
