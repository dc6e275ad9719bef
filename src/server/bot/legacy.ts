/**
 * What API v1.10 had, and apps still use: its one status webhook and its fields of a new bot. Served when the server's
 * `legacy` says so; otherwise the log says what has replaced them.
 */
import type { CreateBot } from '../../protocol/rest/bot-requests.ts';
import { parseTarget } from '../../target.ts';
import type { BotRecord } from '../store/records.ts';
import type { BotContext } from './context.ts';
import { Refusal } from './refusal.ts';

/** Sent for every change of a bot's status. */
export const LEGACY_STATUS_WEBHOOK = 'bot.status_change';

const REPLACED = {
  transcription_options: 'recording_config.transcript.provider',
  real_time_transcription: 'recording_config.realtime_endpoints with transcript.data',
} as const;

/** `bot.status_change` beside `bot.<code>`, of the same moment. */
export function tellLegacyStatus(
  { webhooks, calendar }: BotContext,
  { id }: BotRecord,
  { code, sub_code }: { readonly code: string; readonly sub_code: string | null },
  message: string,
): void {
  const status = { code, sub_code, message: message === '' ? null : message };
  webhooks.status(id, {
    event: LEGACY_STATUS_WEBHOOK,
    data: { bot_id: id, status: { ...status, created_at: calendar.nowInEvents() } },
  });
}

/**
 * A request with what its old fields ask for in the places of today: a transcript, and a webhook endpoint for it, which gets
 * `transcript.data` as it is today. Fields of today win. Throws a `Refusal` (400) for a URL that cannot be called.
 */
export function withLegacyFields(request: CreateBot, { legacy, activity }: BotContext): CreateBot {
  const named = Object.entries(REPLACED).filter(([name]) => request[name] != null);
  if (named.length === 0) return request;
  if (!legacy) {
    for (const [name, today] of named)
      activity.warnOnce(
        `${name} is of API v1.10 and does nothing: ${today} has replaced it; or start with \`legacy: true\``,
      );
    return request;
  }
  const { provider } = objectOf(request.transcription_options);
  const { destination_url: url, partial_results: partial } = objectOf(request.real_time_transcription);
  const config = request.recording_config ?? {};
  const name = typeof provider === 'string' && provider !== '' ? provider : 'meeting_captions';
  const endpoints = url === undefined ? [] : [endpointOf(url, partial === true)];
  return {
    ...request,
    recording_config: {
      ...config,
      transcript: config.transcript ?? { provider: { [name]: {} } },
      ...(endpoints.length === 0
        ? {}
        : { realtime_endpoints: [...(config.realtime_endpoints ?? []), ...endpoints] }),
    },
  };
}

function endpointOf(url: unknown, partial: boolean) {
  if (typeof url !== 'string' || !parseTarget(url, 'webhook').ok)
    throw new Refusal(400, { real_time_transcription: { destination_url: ['Enter a valid URL.'] } });
  const events = ['transcript.data', ...(partial ? ['transcript.partial_data'] : [])];
  return { type: 'webhook' as const, url, events };
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
