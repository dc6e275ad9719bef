/** What every bot of a server shares. */
import type { Clock } from '../../emulator/clock.ts';
import type { ConnectionOptions } from '../../emulator/connection.ts';
import type { ConnectionMode } from '../../emulator/endpoint.ts';
import type { Pacer } from '../../emulator/pacer.ts';
import type { Ids } from '../../protocol/ids.ts';
import type { AbsoluteFormat } from '../../protocol/timestamp.ts';
import type { ActivityLog } from '../store/activity.ts';
import type { Store } from '../store/store.ts';
import type { BotDelays } from './delays.ts';
import type { DocsGeneration } from './platforms.ts';
import type { RealTimeWatch } from './real-time-watch.ts';
import type { Calendar } from './time.ts';

interface WebhookEvent {
  readonly event: string;
  readonly data: unknown;
}

/** Where webhooks go; nobody but the sender knows the URLs and the secret. */
interface WebhookSender {
  /** To the workspace's webhook URLs. */
  status(botId: string, body: WebhookEvent): void;
  /** To one webhook real-time endpoint, after all that has been sent to it before. */
  realtime(
    endpoint: { readonly id: string; readonly url: string },
    botId: string,
    body: WebhookEvent,
    onResult: (delivered: boolean) => void,
  ): void;
}

export interface BotContext {
  readonly clock: Clock;
  readonly pacer: Pacer;
  readonly calendar: Calendar;
  readonly store: Store;
  readonly webhooks: WebhookSender;
  readonly activity: ActivityLog;
  readonly ids: Ids;
  readonly delays: BotDelays;
  readonly docs: DocsGeneration;
  readonly realTime: RealTimeWatch;
  readonly mode: ConnectionMode;
  readonly frameMs: readonly number[];
  /** Of mixed audio; the documented length when undefined. */
  readonly mixedFrameMs: number | undefined;
  readonly connection: Omit<ConnectionOptions, 'url' | 'headers'>;
  readonly absoluteFormat: AbsoluteFormat;
  /** Signs upgrades. */
  readonly secret: string | undefined;
  /** Folder for a recording's audio. */
  dirOf(botId: string, recordingId: string): string;
  /** Whether this URL may be dialled at all. */
  mayDial(url: string): boolean;
  /** Where a URL that an app asked for is dialled in truth: its public name may lead elsewhere than to this machine. */
  targetOf(url: string): string;
}
