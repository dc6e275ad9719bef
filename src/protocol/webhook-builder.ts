/**
 * Webhooks of the dashboard: the table of all of them, and how each is made. The mock API writes its own with `statusWebhook`;
 * `webhook` makes any of them, with a default for what is not told.
 */
import { UsageError } from '../errors.ts';
import { plainText } from '../plain-text.ts';
import { completeRef, completeRefOrNull, DEFAULT_START_TIME, type PartialRef } from './message-defaults.ts';
import type { ResourceRef } from './resource.ts';
import { BOT_STATUSES, type BotStatus } from './rest/bot-status.ts';
import { MEDIA_STATUSES } from './rest/media.ts';
import {
  type BotLogWebhook,
  type BotStatusChangeWebhook,
  type CalendarSyncWebhook,
  type CalendarUpdateWebhook,
  SDK_UPLOAD_STATUSES,
  type SdkUploadWebhook,
} from './rest/other-webhooks.ts';
import { RECORDING_STATUSES } from './rest/recording.ts';
import {
  type BotStatusWebhook,
  type EndpointStatusWebhook,
  errorOf,
  type MediaStatusWebhook,
  mediaStatusWebhookSchemas,
  type RecordingStatusWebhook,
} from './rest/webhooks.ts';
import { formatAbsolute } from './timestamp.ts';

/** What a webhook of the dashboard can be told. Each uses what it has a place for. */
export interface WebhookOptions {
  /** When it happened; default a fixed time, so that the same call makes the same webhook. */
  readonly updatedAt?: Date | undefined;
  readonly subCode?: string | null | undefined;
  /** Null for a recording without a bot. */
  readonly bot?: PartialRef | null | undefined;
  readonly recording?: PartialRef | undefined;
  /** The media object, real-time endpoint or SDK upload that it is about. */
  readonly resource?: PartialRef | undefined;
  /** Of `realtime_endpoint.failed` and `recording.failed`. */
  readonly error?: { readonly code: string; readonly message: string } | undefined;
  /** Of `bot.status_change`; default `done`. */
  readonly code?: BotStatus | undefined;
  /** Of `bot.status_change` and of logs. */
  readonly message?: string | undefined;
  /** Of `calendar.*`. */
  readonly calendarId?: string | undefined;
}

type MediaKind = keyof typeof mediaStatusWebhookSchemas;
/** A bot that waits is `ready`, which is no webhook. */
type ToldBotStatus = Exclude<BotStatus, 'ready'>;
/** There is no webhook for an endpoint that has been deleted. */
const ENDPOINT_CODES = ['running', 'done', 'failed'] as const;

/** Every webhook that the vendor publishes a schema for. */
export type WebhookName =
  | `bot.${ToldBotStatus | 'log' | 'output_log' | 'status_change'}`
  | `recording.${(typeof RECORDING_STATUSES)[number]}`
  | `realtime_endpoint.${(typeof ENDPOINT_CODES)[number]}`
  | `${MediaKind}.${(typeof MEDIA_STATUSES)[number]}`
  | `sdk_upload.${(typeof SDK_UPLOAD_STATUSES)[number]}`
  | 'calendar.update'
  | 'calendar.sync_events';

/** The webhook of a name. */
export type WebhookOf<Name extends WebhookName> = { readonly event: Name } & (Name extends 'bot.status_change'
  ? BotStatusChangeWebhook
  : Name extends 'bot.log' | 'bot.output_log'
    ? BotLogWebhook
    : Name extends `bot.${string}`
      ? BotStatusWebhook
      : Name extends `recording.${string}`
        ? RecordingStatusWebhook
        : Name extends `realtime_endpoint.${string}`
          ? EndpointStatusWebhook
          : Name extends `sdk_upload.${string}`
            ? SdkUploadWebhook
            : Name extends 'calendar.update'
              ? CalendarUpdateWebhook
              : Name extends 'calendar.sync_events'
                ? CalendarSyncWebhook
                : MediaStatusWebhook);

export interface StatusOfWebhook {
  readonly code: string;
  readonly sub_code: string | null;
  /** Of an endpoint or a recording that has failed. */
  readonly error?: { readonly code: string; readonly message: string } | undefined;
}

/**
 * The envelope that webhooks of bots, recordings and all that they have in common share. `refs`: what it is about, where that
 * is not the bot itself. `updatedAt`: ISO 8601.
 */
export function statusWebhook(
  event: string,
  status: StatusOfWebhook,
  updatedAt: string,
  refs: Readonly<Record<string, ResourceRef | null>>,
): { readonly event: string; readonly data: Readonly<Record<string, unknown>> } {
  return { event, data: { data: { ...status, updated_at: updatedAt }, ...refs } };
}

type Build = (options: WebhookOptions, at: string) => { readonly event: string; readonly data: object };

/** The vendor's schemas want a text in these, and null elsewhere ("Bot Sub Codes"). */
const SUB_CODES: Readonly<Record<string, string>> = {
  'bot.call_ended': 'call_ended_by_host',
  'bot.fatal': 'bot_errored',
  'bot.recording_permission_denied': 'zoom_local_recording_request_denied_by_host',
};

/** All of a family, by name. */
function family(
  resource: string,
  codes: readonly string[],
  refs: (options: WebhookOptions, code: string) => Readonly<Record<string, ResourceRef | null>>,
): [string, Build][] {
  return codes.map((code) => {
    const event = `${resource}.${code}`;
    const defaultError = errorOf(event);
    const build: Build = (options, at) => {
      const { subCode = SUB_CODES[event] ?? null, error = defaultError } = options;
      const status = { code, sub_code: subCode, ...(defaultError === undefined ? {} : { error }) };
      return statusWebhook(event, status, at, refs(options, code));
    };
    return [event, build];
  });
}

const botOf = ({ bot }: WebhookOptions): ResourceRef | null => completeRefOrNull('bot', bot);
const recordingOf = ({ recording }: WebhookOptions): ResourceRef => completeRef('recording', recording);
/** Of a bot's own webhooks, where there is always one. */
const ownBot = ({ bot }: WebhookOptions): ResourceRef => completeRef('bot', bot ?? {});

function inRecording(resource: string, codes: readonly string[]): [string, Build][] {
  return family(resource, codes, (options) => ({
    [resource]: completeRef(resource, options.resource),
    recording: recordingOf(options),
    bot: botOf(options),
  }));
}

function log(event: 'bot.log' | 'bot.output_log'): [string, Build] {
  const build: Build = (options, at) => {
    const { message = 'A line of the log.' } = options;
    const output_id = event === 'bot.output_log' ? completeRef('output', options.resource).id : null;
    return {
      event,
      data: { bot_id: ownBot(options).id, log: { level: 'info', message, output_id, created_at: at } },
    };
  };
  return [event, build];
}

const calendarOf = ({ calendarId }: WebhookOptions): string => calendarId ?? completeRef('calendar').id;

const BUILDS: ReadonlyMap<string, Build> = new Map<string, Build>([
  ...family(
    'bot',
    BOT_STATUSES.filter((code) => code !== 'ready'),
    (options) => ({ bot: ownBot(options) }),
  ),
  ...family('recording', RECORDING_STATUSES, (options) => ({
    recording: recordingOf(options),
    bot: botOf(options),
  })),
  ...inRecording('realtime_endpoint', ENDPOINT_CODES),
  ...Object.keys(mediaStatusWebhookSchemas).flatMap((kind) => inRecording(kind, MEDIA_STATUSES)),
  ...family('sdk_upload', SDK_UPLOAD_STATUSES, (options, code) => ({
    sdk_upload: completeRef('sdk_upload', options.resource),
    recording: code === 'failed' ? null : recordingOf(options),
  })),
  [
    'calendar.update',
    (options) => ({ event: 'calendar.update', data: { calendar_id: calendarOf(options) } }),
  ],
  [
    'calendar.sync_events',
    (options, at) => ({
      event: 'calendar.sync_events',
      data: { calendar_id: calendarOf(options), last_updated_ts: at },
    }),
  ],
  log('bot.log'),
  log('bot.output_log'),
  [
    'bot.status_change',
    (options, at) => {
      const { code = 'done', message = null, subCode = SUB_CODES[`bot.${code}`] ?? null } = options;
      const status = { code, sub_code: subCode, message, created_at: at };
      return { event: 'bot.status_change', data: { bot_id: ownBot(options).id, status } };
    },
  ],
]);

/** The names of all webhooks that `webhook` makes. */
export const WEBHOOK_NAMES = [...BUILDS.keys()] as readonly WebhookName[];

/**
 * Webhooks that the vendor names and publishes no schema for: its list of events, 2026, and "Desktop Recording SDK Webhooks", 2026. Nothing
 * here makes one.
 */
export const NAMED_WEBHOOKS: readonly string[] = [
  'sdk_upload.recording_started',
  'sdk_upload.recording_ended',
  'slack.huddle_state',
  'slack_team.access_revoked',
  'slack_team.active',
  'slack_team.invited',
];

export function isWebhookName(name: string): name is WebhookName {
  return BUILDS.has(name);
}

/** One webhook, as the dashboard's endpoints get it. Throws a `UsageError` (`invalid_message`). */
export function webhook<Name extends WebhookName>(
  event: Name,
  options: WebhookOptions = {},
): WebhookOf<Name> {
  const build = BUILDS.get(event);
  const { updatedAt = DEFAULT_START_TIME } = options;
  if (build === undefined || Number.isNaN(updatedAt.getTime())) {
    throw new UsageError('invalid_message', `The webhook "${plainText(event, 100)}" cannot be made.`, {
      hint: `Give a valid time, and one of ${WEBHOOK_NAMES.join(', ')}.`,
    });
  }
  return build(options, formatAbsolute(updatedAt.getTime() * 1_000)) as unknown as WebhookOf<Name>;
}
