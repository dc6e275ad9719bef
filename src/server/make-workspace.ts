/** One workspace of a server, put together: its store, its log, its webhooks, and what its bots are told of the server. */
import type { Clock } from '../emulator/clock.ts';
import { readFaults } from '../emulator/faults/read.ts';
import { sendSettings } from '../emulator/options.ts';
import type { Pacer } from '../emulator/pacer.ts';
import { mayDial } from '../guard.ts';
import { createIds, type Ids } from '../protocol/ids.ts';
import { IdempotencyKeys } from './api/idempotency.ts';
import { RateLimits } from './api/rate-limits.ts';
import { RequestLog, type RequestNumbers } from './api/request-log.ts';
import { OPERATION_IDS } from './api/resources/index.ts';
import type { KeyedWorkspace } from './api/workspaces.ts';
import type { AppGate } from './app-gate.ts';
import { AnswersOnDemand } from './bot/answers.ts';
import { BotOutputs } from './bot/bot-outputs.ts';
import { EventBots } from './bot/calendar-bots.ts';
import { Calendars } from './bot/calendars.ts';
import type { ClientFiles } from './bot/client-files.ts';
import { type BotContext, type Calendar, DEFAULT_DELAYS } from './bot/context.ts';
import { DownloadFaults, readDownloadFault } from './bot/download-faults.ts';
import type { RealTimeWatch } from './bot/real-time-watch.ts';
import type { ScenarioChooser } from './bot/scenarios.ts';
import { Workspace } from './bot/workspace.ts';
import { SERVER_DEFAULTS } from './defaults.ts';
import type { ServerOptions } from './options.ts';
import { ActivityLog } from './store/activity.ts';
import type { Folder } from './store/data-folder.ts';
import { Store } from './store/store.ts';
import { type TargetMap, targetOf } from './targets.ts';
import { addWebhookOptions } from './webhooks/options.ts';
import { Webhooks } from './webhooks/webhooks.ts';

/** What there is once for the whole server. */
export interface Parts {
  readonly clock: Clock;
  readonly time: Calendar;
  readonly activity: ActivityLog;
  readonly chooser: ScenarioChooser;
  readonly clientFiles: ClientFiles;
  readonly answers: AnswersOnDemand;
  readonly folder: Folder;
  readonly map: TargetMap;
}

/** What an API key sees. Without a name it is nobody's yet. */
export function makeWorkspace(
  options: ServerOptions,
  parts: Parts,
  of: {
    readonly pacer: Pacer;
    readonly realTime: RealTimeWatch;
    readonly gate: AppGate;
    readonly seed: number | string;
    readonly numbers: RequestNumbers;
    readonly name: string | undefined;
  },
): KeyedWorkspace {
  const { folder, time } = parts;
  const { pacer, realTime, gate, seed, numbers, name } = of;
  const isOnly = options.apiKey !== undefined;
  const activity = new ActivityLog(() => time.now(), parts.activity);
  const ids = createIds(isOnly || name === undefined ? seed : `${seed} ${name}`);
  const store = new Store(
    (state) => folder.keep(state),
    (state) => folder.remove(state),
  );
  const webhooks = makeWebhooks(options, { ...parts, activity }, pacer, ids);
  const context = makeContext(
    options,
    { ...parts, activity },
    { pacer, store, webhooks, ids, realTime, gate },
  );
  const workspace = new Workspace(context, parts.chooser, {
    name,
    operations: OPERATION_IDS,
    rules: {
      strictUrls: options.strictUrls ?? true,
      updateCutoffSeconds: options.updateCutoffSeconds ?? SERVER_DEFAULTS.updateCutoffSeconds,
    },
    saved: (botId) => folder.saved(botId),
  });
  const eventBots = new EventBots(workspace);
  return {
    workspace,
    webhooks,
    calendars: new Calendars(context, eventBots),
    eventBots,
    answers: new AnswersOnDemand(parts.answers),
    downloadFaults: makeDownloadFaults(options),
    idempotency: new IdempotencyKeys(() => time.nowMs()),
    requests: new RequestLog(numbers),
    limits: options.rateLimits === true ? new RateLimits(() => time.nowMs()) : undefined,
  };
}

function makeDownloadFaults({ downloadFaults = [] }: ServerOptions): DownloadFaults {
  const faults = new DownloadFaults();
  for (const given of downloadFaults) faults.add(readDownloadFault(given));
  return faults;
}

function makeWebhooks(options: ServerOptions, { time, activity }: Parts, pacer: Pacer, ids: Ids): Webhooks {
  let messages = 0;
  const webhooks = new Webhooks({
    pacer,
    now: () => time.now(),
    messageId: () => `msg_${ids.uuid(`webhook ${messages++}`).replaceAll('-', '')}`,
    activity,
    secret: options.secret,
    legacySignatures: options.legacySignatures ?? false,
    insecure: options.insecure ?? false,
    mayCall: (url) => mayDial(url, options.allowTargets),
    timeoutMs: (options.webhookTimeoutSeconds ?? 15) * 1_000,
  });
  addWebhookOptions(webhooks, options);
  return webhooks;
}

function makeContext(
  options: ServerOptions,
  { clock, time, activity, folder, map }: Parts,
  made: {
    readonly pacer: Pacer;
    readonly store: Store;
    readonly webhooks: Webhooks;
    readonly ids: Ids;
    readonly realTime: RealTimeWatch;
    readonly gate: AppGate;
  },
): BotContext {
  const { gate, ...rest } = made;
  const replacements = { map, appPort: options.appPort };
  const send = sendSettings(options);
  return {
    ...rest,
    clock,
    calendar: time,
    activity,
    delays: { ...DEFAULT_DELAYS, ...options.delays },
    docs: options.docs ?? SERVER_DEFAULTS.docs,
    legacy: options.legacy ?? false,
    outputs: new BotOutputs(),
    ...send,
    connection: { ...send.connection, probe: options.probe },
    mixedFrameMs: options.mixedFrameMs ?? SERVER_DEFAULTS.mixedFrameMs,
    secret: options.secret,
    faults: readFaults(options.faults),
    onSession: options.onSession,
    dirOf: (botId, recordingId) => folder.recordingDir(botId, recordingId),
    whenAppReady: (start) => gate.whenReady(start),
    mayDial: (url) => mayDial(url, options.allowTargets),
    targetOf: (url) => targetOf(url, replacements),
  };
}
