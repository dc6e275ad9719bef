/** The names of all webhooks that a server may send to its webhook URLs. */
import { BOT_STATUSES } from '../../protocol/rest/bot-status.ts';
import { MEDIA_STATUSES } from '../../protocol/rest/media.ts';
import { SDK_UPLOAD_STATUSES } from '../../protocol/rest/other-webhooks.ts';
import { ENDPOINT_STATUSES } from '../../protocol/rest/realtime-endpoint.ts';
import { RECORDING_STATUSES } from '../../protocol/rest/recording.ts';
import { ARTIFACT_KINDS } from '../store/records.ts';
import { LEGACY_STATUS_WEBHOOK } from './legacy.ts';

const eventsOf = (resource: string, statuses: readonly string[]): string[] =>
  statuses.map((status) => `${resource}.${status}`);

export const SENT_WEBHOOKS: readonly string[] = [
  ...eventsOf('bot', BOT_STATUSES),
  LEGACY_STATUS_WEBHOOK,
  ...eventsOf('sdk_upload', SDK_UPLOAD_STATUSES),
  'bot.log',
  'bot.output_log',
  'calendar.update',
  'calendar.sync_events',
  ...eventsOf('recording', RECORDING_STATUSES),
  ...eventsOf('realtime_endpoint', ENDPOINT_STATUSES),
  ...ARTIFACT_KINDS.flatMap((kind) => eventsOf(kind, MEDIA_STATUSES)),
];
