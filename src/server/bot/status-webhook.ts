/** Changes of status: kept, and told by webhook, in the envelope that all status webhooks of Recall have. */

import { EmulatorError } from '../../errors.ts';
import type { ResourceRef } from '../../protocol/resource.ts';
import type { BotStatus } from '../../protocol/rest/bot-status.ts';
import { errorOf } from '../../protocol/rest/webhooks.ts';
import { type StatusOfWebhook, statusWebhook } from '../../protocol/webhook-builder.ts';
import { type BotRecord, eventRefOf } from '../store/records.ts';
import type { BotContext } from './context.ts';
import { tellLegacyStatus } from './legacy.ts';

/** `refs`: what it is about, where that is not the bot itself. What is told is kept, too. */
export function tellStatus(
  { store, webhooks, calendar }: BotContext,
  bot: BotRecord,
  event: string,
  status: StatusOfWebhook,
  refs: Readonly<Record<string, ResourceRef>> = {},
): void {
  store.changed(bot.id);
  const told = { ...status, error: errorOf(event) };
  const all = { ...refs, bot: botRefOf(bot) ?? null };
  webhooks.status(bot.id, statusWebhook(event, told, calendar.nowInEvents(), all));
}

/** As messages and webhooks name the bot of a recording; undefined for one of an SDK upload, which no bot made. */
export function botRefOf({ id, request, sdkUpload }: BotRecord): ResourceRef | undefined {
  return sdkUpload === undefined ? eventRefOf({ id, metadata: request.metadata }) : undefined;
}

/** A bot comes to a status. */
export function enterStatus(
  context: BotContext,
  bot: BotRecord,
  code: BotStatus,
  subCode: string,
  message: string,
): void {
  const { calendar, store, activity } = context;
  bot.statusChanges.push({ code, message, created_at: calendar.now(), sub_code: subCode });
  activity.add('bot', subCode === '' ? code : `${code} (${subCode})`, {
    botId: bot.id,
    data: { code, sub_code: subCode },
  });
  // There is no webhook for a bot that waits for its time.
  if (code === 'ready') store.changed(bot.id);
  else {
    const told = { code, sub_code: subCode === '' && code !== 'fatal' ? null : subCode };
    tellStatus(context, bot, `bot.${code}`, told);
    if (context.legacy) tellLegacyStatus(context, bot, told, message);
  }
}

/** A line of a bot's log, as the published schema has it: `bot.output_log` is of what the bot sends elsewhere. */
export function tellLog(
  { webhooks, calendar, activity }: BotContext,
  { id }: BotRecord,
  log: { readonly level: string; readonly message: string; readonly output_id: string | null },
): void {
  const event = log.output_id === null ? 'bot.log' : 'bot.output_log';
  activity.add('bot', `${event}, ${log.level}: ${log.message}`, { botId: id });
  const data = { bot_id: id, log: { ...log, created_at: calendar.nowInEvents() } };
  webhooks.status(id, { event, data });
}

/** Told, because the frames that were never due are no drops and would be missed by nobody. Whether the meeting would go on. */
export function tellIfEarly({ activity, clock }: BotContext, { id }: BotRecord, endMs: number): boolean {
  const seconds = (endMs - clock.now()) / 1_000;
  if (seconds <= 0) return false;
  activity.add('bot', `told to leave ${seconds.toFixed(1)} s before the end of its meeting`, {
    botId: id,
    data: { seconds_left: seconds },
  });
  return true;
}

/** Why a host's no is one, where the platform has a name for it ("Sub Codes", 2026). */
export function deniedSubCode({ meetingUrl }: BotRecord): string {
  return meetingUrl.platform === 'zoom' ? 'zoom_local_recording_request_denied_by_host' : '';
}

/** What an app wants written into the chat when its bot has joined. */
export function tellChatOnJoin({ activity }: BotContext, { id, request }: BotRecord): void {
  const onJoin = request.chat?.on_bot_join;
  if (onJoin !== undefined)
    activity.add('bot', `chat to ${onJoin.send_to}: ${onJoin.message}`, { botId: id });
}

/** What went wrong, to the log, with the stack of a defect. Returns it in a line. */
export function tellError({ activity }: BotContext, { id }: BotRecord, error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const isExpected = error instanceof EmulatorError;
  activity.add('warning', isExpected ? text : `defect: ${(error as Error).stack ?? text}`, { botId: id });
  return text;
}
