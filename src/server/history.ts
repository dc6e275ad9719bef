/**
 * Makes a history: each of its bots and uploads goes through its whole life in a time of its own, with nobody who is called, and what
 * it recorded is there from then on. Real-time endpoints were called in the past, and are not called again.
 */
import { clockOf } from '../emulator/options.ts';
import { Pacer } from '../emulator/pacer.ts';
import { EmulatorError } from '../errors.ts';
import { plainText } from '../plain-text.ts';
import { createIds } from '../protocol/ids.ts';
import type { CreateBot } from '../protocol/rest/bot-requests.ts';
import { parseMeetingUrl } from '../protocol/rest/meeting-url.ts';
import { RequestNumbers } from './api/request-log.ts';
import { workspaceName } from './api/workspaces.ts';
import { AppGate } from './app-gate.ts';
import { AnswersOnDemand } from './bot/answers.ts';
import { calendar } from './bot/context.ts';
import { RealTimeWatch } from './bot/real-time-watch.ts';
import { Refusal } from './bot/refusal.ts';
import type { Workspace } from './bot/workspace.ts';
import { makeWorkspace, type Parts } from './make-workspace.ts';
import type { ServerOptions } from './options.ts';
import { ActivityLog } from './store/activity.ts';
import {
  createdMs,
  type History,
  type HistoryReading,
  type PastBot,
  type PastUpload,
} from './store/history-schema.ts';
import { type BotRecord, type BotState, hasEnded } from './store/records.ts';

export interface HistoryOptions extends HistoryReading {
  readonly server: ServerOptions;
  readonly parts: Parts;
  /** Whether there is one already: it is left alone. */
  isKnown(id: string): boolean;
  /** With what a server adds to what it has: entries that say the same are several. */
  readonly always?: boolean | undefined;
}

/** The states of all entries that are new, oldest first. They are in the folder, and in no workspace yet. */
export async function makeHistory(history: History, options: HistoryOptions): Promise<BotState[]> {
  const states: BotState[] = [];
  const make = async (
    kind: keyof History,
    entries: readonly (PastBot | PastUpload)[],
    play: (entry: never, id: string) => Promise<BotState>,
  ): Promise<void> => {
    for (const [index, entry] of entries.entries()) {
      const id = idOf(kind, index, entry, options);
      if (id === undefined) continue;
      try {
        const state = await play(entry as never, id);
        state.bot.workspace = entry.api_key === undefined ? undefined : workspaceName(entry.api_key);
        states.push(state);
      } catch (error) {
        if (!(error instanceof Refusal) && !(error instanceof EmulatorError)) throw error;
        options.onProblem({ path: [kind, index], message: textOf(error) });
      }
    }
  };
  await make('bots', history.bots, (entry: PastBot, id) => pastBot(entry, id, options));
  await make('sdk_uploads', history.sdk_uploads, (entry: PastUpload, id) => pastUpload(entry, id, options));
  return states.sort((a, b) => a.bot.createdAt.localeCompare(b.bot.createdAt));
}

/** Undefined for one that is there. */
function idOf(
  kind: keyof History,
  index: number,
  entry: PastBot | PastUpload,
  { isKnown, always }: HistoryOptions,
): string | undefined {
  if (entry.id !== undefined) return isKnown(entry.id) ? undefined : entry.id;
  for (let copy = 0; ; copy++) {
    const id = createIds(`history ${kind} ${index} ${JSON.stringify(entry)}`).uuid(`${copy}`);
    if (!isKnown(id)) return id;
    if (always !== true) return undefined;
  }
}

async function pastBot(entry: PastBot, id: string, options: HistoryOptions): Promise<BotState> {
  const { request } = entry;
  const { time } = options.parts;
  if (request.join_at != null && Date.parse(request.join_at) > time.nowMs())
    return scheduledBot(entry, id, options);
  return inItsTime(entry, options, async (workspace, scenario) => {
    const record = await workspace.createBot(unheard({ ...request, join_at: null }), { id, scenario });
    return {
      record,
      after: () => {
        record.request = request;
      },
    };
  });
}

async function pastUpload(entry: PastUpload, id: string, options: HistoryOptions): Promise<BotState> {
  const { request, status } = entry;
  return inItsTime(entry, options, async (workspace, scenario) => {
    const { recording_config: config } = request;
    const quiet =
      config == null ? request : { ...request, recording_config: { ...config, realtime_endpoints: [] } };
    const record = await workspace.createSdkUpload(status === 'pending' ? request : quiet, { id, scenario });
    const upload = workspace.uploads.find(id)!;
    if (status !== 'pending') upload.start();
    if (status === 'failed') upload.fail(null);
    return {
      record,
      after: () => {
        if (config != null) record.request = { ...record.request, recording_config: config };
      },
    };
  });
}

/** It is scheduled when its workspace takes it. */
function scheduledBot(
  { request, created, scenario }: PastBot,
  id: string,
  { parts }: HistoryOptions,
): BotState {
  if (scenario !== undefined) {
    const name = 'metadata.recall_emulator_scenario';
    throw new Refusal(400, {
      scenario: [`A bot that is still to come has its scenario in its request (${name}).`],
    });
  }
  const createdAt = new Date(createdMs(created, parts.time.nowMs())!).toISOString();
  const record: BotRecord = {
    id,
    createdAt,
    meetingUrl: parseMeetingUrl(request.meeting_url)!,
    request,
    statusChanges: [],
    recordingIds: [],
    scenario: '',
  };
  return { bot: record, recordings: [], artifacts: [], realtimeEndpoints: [] };
}

/** Runs a life from its beginning to its end, as fast as it goes. `live` begins it; `after` is called when it is over. */
async function inItsTime(
  { created, scenario }: PastBot | PastUpload,
  { server, parts, scenarioFile }: HistoryOptions,
  live: (
    workspace: Workspace,
    scenario: string | undefined,
  ) => Promise<{ readonly record: BotRecord; after(): void }>,
): Promise<BotState> {
  const clock = clockOf({ speed: 'max' });
  const time = calendar(clock, new Date(createdMs(created, parts.time.nowMs())!));
  const activity = new ActivityLog(() => time.now());
  const unseen = {
    webhookUrls: undefined,
    webhookFaults: undefined,
    faults: undefined,
    onSession: undefined,
  };
  const { workspace } = makeWorkspace(
    { ...server, ...unseen },
    { ...parts, clock, time, activity, answers: new AnswersOnDemand() },
    {
      pacer: new Pacer(clock),
      realTime: new RealTimeWatch(clock, 1, () => {}),
      gate: new AppGate(undefined, clock, activity),
      seed: server.seed ?? 1,
      numbers: new RequestNumbers(),
      name: undefined,
    },
  );
  const { record, after } = await live(
    workspace,
    scenario === undefined ? undefined : scenarioFile(scenario),
  );
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (hasEnded(record) || record.sdkUpload?.status.code === 'pending') resolve();
    };
    activity.events.on('activity', look);
    look();
  });
  await workspace.close();
  after();
  return workspace.context.store.state(record.id)!;
}

/** Nobody listens any more. */
function unheard(request: CreateBot): CreateBot {
  const { recording_config: config, zoom: _, ...rest } = request;
  return { ...rest, ...(config == null ? {} : { recording_config: { ...config, realtime_endpoints: [] } }) };
}

/** The sentences of a refusal, whatever fields they stand in. */
function textOf(error: Refusal | EmulatorError): string {
  if (error instanceof EmulatorError) return error.message;
  const { body, message } = error;
  const texts: string[] = [];
  JSON.stringify(body, (_, value) => {
    if (typeof value === 'string') texts.push(value);
    return value;
  });
  return plainText(texts.join(' ') || message, 1_000);
}
