/** What every bot of a server shares: the day it is, the time it takes on its way, and where everything goes. */
import type { Clock } from '../../emulator/clock.ts';
import type { ConnectionOptions } from '../../emulator/connection-options.ts';
import type { ConnectionMode } from '../../emulator/endpoint.ts';
import type { FaultSpec } from '../../emulator/faults/fault.ts';
import type { Pacer } from '../../emulator/pacer.ts';
import type { Session } from '../../emulator/session.ts';
import type { Ids } from '../../protocol/ids.ts';
import { type AbsoluteFormat, formatAbsolute } from '../../protocol/timestamp.ts';
import { parseDuration } from '../../scenario/duration.ts';
import type { ScenarioBot } from '../../scenario/schema.ts';
import type { ActivityLog } from '../store/activity.ts';
import type { Store } from '../store/store.ts';
import type { BotOutputs } from './bot-outputs.ts';
import type { DocsGeneration } from './platforms.ts';
import type { RealTimeWatch } from './real-time-watch.ts';

/** How long a bot stays in each status on its way into a call, and until its media is done after it. Seconds. */
export interface BotDelays {
  readonly joiningSeconds: number;
  readonly waitingRoomSeconds: number;
  readonly notRecordingSeconds: number;
  readonly permissionSeconds: number;
  readonly doneSeconds: number;
}

/** Shorter than real ones, which take some ten seconds, and long enough for every status to be seen. */
export const DEFAULT_DELAYS: BotDelays = {
  joiningSeconds: 1,
  waitingRoomSeconds: 1,
  notRecordingSeconds: 0.5,
  permissionSeconds: 0.5,
  doneSeconds: 1,
};

/** The delays of a scenario over those of the server. */
export function delaysOf(defaults: BotDelays, script: ScenarioBot['delays'] = {}): BotDelays {
  const seconds = (own: string | number | undefined, other: number): number =>
    (own === undefined ? undefined : parseDuration(own)) ?? other;
  return {
    joiningSeconds: seconds(script.joining_call, defaults.joiningSeconds),
    waitingRoomSeconds: seconds(script.in_waiting_room, defaults.waitingRoomSeconds),
    notRecordingSeconds: seconds(script.in_call_not_recording, defaults.notRecordingSeconds),
    permissionSeconds: seconds(script.recording_permission, defaults.permissionSeconds),
    doneSeconds: seconds(script.done, defaults.doneSeconds),
  };
}

/** What day it is when the clock (real, scaled or virtual) stands where it stands. */
export interface Calendar {
  /** Milliseconds since the epoch, on the emulator's clock. */
  nowMs(): number;
  /** As REST answers have it: milliseconds and `Z`. */
  now(): string;
  /** As webhooks have it: microseconds and `+00:00`. */
  nowInEvents(): string;
  /** The clock's time of a date. */
  clockMsOf(epochMs: number): number;
}

export function calendar(clock: Clock, startTime: Date): Calendar {
  const startMs = startTime.getTime() - clock.now();
  const nowMs = (): number => startMs + clock.now();
  return {
    nowMs,
    now: () => new Date(nowMs()).toISOString(),
    nowInEvents: () => formatAbsolute(Math.round(nowMs() * 1_000)),
    clockMsOf: (epochMs) => epochMs - startMs,
  };
}

interface WebhookEvent {
  readonly event: string;
  readonly data: unknown;
}

/** Where webhooks go; nobody but the sender knows the URLs and the secret. */
interface WebhookSender {
  /** To the workspace's webhook URLs. */
  status(botId: string, body: WebhookEvent): unknown;
  /** To one webhook real-time endpoint, after all that has been sent to it before. */
  realtime(
    endpoint: { readonly id: string; readonly url: string; readonly signed: boolean },
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
  /** Whether there is what API v1.10 had beside. */
  readonly legacy: boolean;
  readonly realTime: RealTimeWatch;
  /** What bots say. */
  readonly outputs: BotOutputs;
  readonly mode: ConnectionMode;
  readonly frameMs: readonly number[];
  /** Of mixed audio; the documented length when undefined. */
  readonly mixedFrameMs: number | undefined;
  readonly connection: Omit<ConnectionOptions, 'url' | 'headers'>;
  readonly absoluteFormat: AbsoluteFormat;
  /** Signs upgrades. */
  readonly secret: string | undefined;
  /** What goes wrong in every recording, beside what its scenario says. */
  readonly faults: readonly FaultSpec[];
  readonly onSession: ((session: Session) => void) | undefined;
  /** Folder for a recording's audio. */
  dirOf(botId: string, recordingId: string): string;
  /** Runs it once the app is ready to be called: now, if it is. */
  whenAppReady(start: () => void): void;
  /** Whether this URL may be dialled at all. */
  mayDial(url: string): boolean;
  /** Where a URL that an app asked for is dialled in truth: its public name may lead elsewhere than to this machine. */
  targetOf(url: string): string;
}
