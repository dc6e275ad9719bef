/** Tells a change of status by webhook, in the envelope that all status webhooks of Recall have. */
import type { ResourceRef } from '../../protocol/resource.ts';
import { type BotRecord, eventRefOf } from '../store/records.ts';
import type { BotContext } from './context.ts';

interface Status {
  readonly code: string;
  readonly sub_code: string | null;
  /** Of an endpoint that has failed. */
  readonly error?: { readonly code: string; readonly message: string };
}

/** `refs`: what it is about, where that is not the bot itself. What is told is kept, too. */
export function tellStatus(
  { store, webhooks, calendar }: BotContext,
  bot: BotRecord,
  event: string,
  status: Status,
  refs: Readonly<Record<string, ResourceRef>> = {},
): void {
  store.changed(bot.id);
  webhooks.status(bot.id, {
    event,
    data: {
      data: { ...status, updated_at: calendar.nowInEvents() },
      ...refs,
      bot: eventRefOf({ id: bot.id, metadata: bot.request.metadata }),
    },
  });
}
