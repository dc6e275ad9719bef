/**
 * The workspace: all bots of a server and what may be done with them. Between the API's routes, which know HTTP, and the
 * bots, which know meetings.
 */
import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { InvalidInputError, UsageError } from '../../errors.ts';
import { plainText } from '../../plain-text.ts';
import { parseMeetingUrl } from '../../protocol/rest/meeting-url.ts';
import {
  type CreateBot,
  createBotSchema,
  notEmulated,
  type UpdateBot,
} from '../../protocol/rest/requests.ts';
import { type ValidationErrors, validationErrors } from '../../protocol/rest/validation-errors.ts';
import { slashWarning } from '../../target.ts';
import {
  type ArtifactRecord,
  type BotRecord,
  type BotState,
  emptyContent,
  hasEnded,
  type RecordingRecord,
} from '../store/records.ts';
import { Bot } from './bot.ts';
import type { BotContext } from './context.ts';
import { type Fault, type FaultAnswer, faultAnswer, parseFault } from './faults.ts';
import { RecordingNews } from './recording-news.ts';
import { type ChosenMeeting, SCENARIO_METADATA, type ScenarioChooser } from './scenarios.ts';

/** A change that comes too late or too early: 400 or 405; 503 for one that comes while the server ends. */
export class WorkspaceError extends UsageError {
  override readonly name: string = 'WorkspaceError';
  readonly status: 400 | 404 | 405 | 503;

  constructor(status: WorkspaceError['status'], code: string, message: string) {
    super(code, message);
    this.status = status;
  }
}

/** A request of the right shape that asks for what cannot be: a 400 with the field. */
export class FieldError extends Error {
  readonly errors: ValidationErrors;

  constructor(path: readonly (string | number)[], message: string, request: unknown) {
    super(message);
    const issue = { code: 'custom' as const, path: [...path], message, input: undefined };
    this.errors = validationErrors(new z.ZodError([issue]), request);
  }
}

/** How strict the workspace is. */
export interface WorkspaceRules {
  /** 400 for a WebSocket URL without `/` before its query, which is only told otherwise. */
  readonly strictUrls: boolean;
  /** A scheduled bot cannot be changed for so many seconds before its `join_at` ("Scheduling Bots", 2026: about ten minutes). */
  readonly updateCutoffSeconds: number;
}

/** A scenario that is to answer with an error. */
export class ScenarioFault extends Error {
  readonly answer: FaultAnswer;

  constructor(answer: FaultAnswer) {
    super(`HTTP ${answer.status} on demand`);
    this.answer = answer;
  }
}

/** The documented code of a change that comes too late. */
const UPDATE_FAILED = 'update_bot_failed';

export class Workspace {
  readonly context: BotContext;
  readonly #chooser: ScenarioChooser;
  readonly #operations: readonly string[];
  readonly #rules: WorkspaceRules;
  readonly #saved: (botId: string) => Promise<void>;
  readonly #runs = new Map<string, Bot>();
  /** Faults of each scenario that are left, by its name. */
  readonly #scenarioFaults = new Map<string, Fault[]>();
  #made = 0;
  #ending = false;

  constructor(
    context: BotContext,
    chooser: ScenarioChooser,
    options: {
      readonly operations: readonly string[];
      readonly rules: WorkspaceRules;
      /** Resolves when what is known of a bot is where it is kept. */
      saved(botId: string): Promise<void>;
    },
  ) {
    this.context = context;
    this.#chooser = chooser;
    this.#operations = options.operations;
    this.#rules = options.rules;
    this.#saved = options.saved;
  }

  /** Before a client is told of a change. `id` is that of a bot or of anything that a bot has. */
  async saved(id: string): Promise<void> {
    await this.#saved(this.context.store.ownerOf(id)?.bot.id ?? id);
  }

  run(botId: string): Bot | undefined {
    return this.#runs.get(botId);
  }

  runs(): readonly Bot[] {
    return [...this.#runs.values()];
  }

  /** Throws an `InvalidInputError` or a `UsageError` for a scenario that metadata names and that cannot be played. */
  async createBot(request: CreateBot): Promise<BotRecord> {
    const { store, activity, calendar } = this.context;
    this.#checkTaking();
    this.#checkUrls(request);
    const meeting = await this.#meetingOf(request);
    this.#checkTaking();
    const fault = this.#faultOf(meeting.name, meeting.bot.faults ?? [], 'create_bot');
    if (fault !== undefined) throw new ScenarioFault(fault);

    const bot: BotRecord = {
      id: this.#newId(),
      createdAt: calendar.now(),
      meetingUrl: parseMeetingUrl(request.meeting_url)!,
      request,
      statusChanges: [],
      recordingIds: [],
      scenario: meeting.name,
    };
    const state: BotState = { bot, recordings: [], artifacts: [], realtimeEndpoints: [] };
    activity.add('bot', `created for ${bot.meetingUrl.platform}, plays ${meeting.name}`, {
      botId: bot.id,
      data: { scenario: meeting.name },
    });
    const ignored = notEmulated(request);
    if (ignored.length > 0) activity.warnOnce(`accepted, not emulated: ${ignored.join(', ')}`);
    store.add(state);
    const run = new Bot(this.context, state, meeting);
    this.#runs.set(bot.id, run);
    run.schedule();
    return bot;
  }

  /** Takes the bots of a data folder. Those whose time is still to come are scheduled again. */
  async restore(states: readonly BotState[]): Promise<void> {
    for (const state of states) {
      const { bot } = state;
      this.context.store.add(state);
      if (hasEnded(bot)) continue;
      try {
        const run = new Bot(this.context, state, await this.#meetingOf(createBotSchema.parse(bot.request)));
        this.#runs.set(bot.id, run);
        run.schedule();
      } catch (error) {
        if (!isScenarioError(error) && !(error instanceof z.ZodError)) throw error;
        this.#giveUp(bot, error instanceof z.ZodError ? 'its request is not one of today' : error.message);
      }
    }
  }

  /** Only before the bot is dispatched. A change that is refused changes nothing. */
  async updateBot(bot: BotRecord, change: UpdateBot): Promise<void> {
    this.#checkUrls(change);
    for (;;) {
      const run = this.#beforeUpdate(bot);
      const request = { ...bot.request, ...change } as CreateBot;
      const meeting = await this.#meetingOf(request);
      // Meanwhile the bot may have gone into its call, which is refused now, or another change may have come first.
      if (this.#beforeUpdate(bot) !== run) continue;
      run.cancel();
      bot.request = request;
      bot.meetingUrl = parseMeetingUrl(request.meeting_url)!;
      bot.scenario = meeting.name;
      const next = new Bot(this.context, this.context.store.state(bot.id)!, meeting);
      this.#runs.set(bot.id, next);
      this.context.store.changed(bot.id);
      next.schedule();
      return;
    }
  }

  deleteBot(bot: BotRecord): void {
    this.#beforeDispatch(
      bot,
      405,
      'cannot_delete_dispatched_bot',
      'Only a scheduled bot can be deleted.',
    ).cancel();
    this.#runs.delete(bot.id);
    this.context.store.removeBot(bot.id);
    this.context.activity.add('bot', 'deleted', { botId: bot.id });
  }

  /** The live bot, for commands. Throws a `WorkspaceError` when it is one of an earlier process. */
  command(bot: BotRecord): Bot {
    const run = this.#runs.get(bot.id);
    if (run !== undefined) return run;
    throw new WorkspaceError(
      400,
      'cannot_command_completed_bot',
      'Cannot send a command to a bot which has completed.',
    );
  }

  async deleteMedia(bot: BotRecord): Promise<void> {
    if (!hasEnded(bot)) {
      throw new WorkspaceError(
        400,
        'cannot_delete_media',
        'The media of a bot can be deleted once the bot is done.',
      );
    }
    for (const recording of this.context.store.state(bot.id)!.recordings)
      await this.deleteRecording(recording);
  }

  /** Throws a `WorkspaceError` while it runs. */
  async deleteRecording(recording: RecordingRecord): Promise<void> {
    if (recording.status.code === 'deleted') return;
    if (recording.status.code === 'processing' || recording.status.code === 'paused')
      throw new WorkspaceError(400, 'recording_in_progress', 'The recording is not done yet.');
    const state = this.context.store.state(recording.botId)!;
    for (const artifact of state.artifacts)
      if (artifact.recordingId === recording.id) this.#markDeleted(artifact, recording);
    recording.status = { code: 'deleted', sub_code: null, updated_at: this.context.calendar.now() };
    Object.assign(recording.content, emptyContent(recording.content.title));
    this.#newsOf(recording).recording();
    await rm(this.context.dirOf(recording.botId, recording.id), { recursive: true, force: true });
    this.context.store.changed(recording.botId);
  }

  deleteArtifact(artifact: ArtifactRecord): void {
    if (artifact.status.code === 'processing')
      throw new WorkspaceError(400, 'media_in_progress', 'The media object is not done yet.');
    const recording = this.context.store.recording(artifact.recordingId)!;
    this.#markDeleted(artifact, recording);
    this.context.store.changed(recording.botId);
  }

  /** A transcript of a recording that is done, made of what the scenario says was said. */
  createTranscript(
    recording: RecordingRecord,
    asked: {
      readonly provider: Record<string, unknown>;
      readonly metadata?: Readonly<Record<string, string | null>> | undefined;
      readonly diarization?: Record<string, unknown> | undefined;
    },
  ): ArtifactRecord {
    const { calendar, ids, store } = this.context;
    if (recording.status.code !== 'done')
      throw new WorkspaceError(
        400,
        'recording_not_done',
        'A transcript can be made of a recording that is done.',
      );
    const state = store.state(recording.botId)!;
    const artifact: ArtifactRecord = {
      id: ids.uuid(`transcript ${recording.id} ${state.artifacts.length}`),
      kind: 'transcript',
      recordingId: recording.id,
      createdAt: calendar.now(),
      status: { code: 'processing', sub_code: null, updated_at: calendar.now() },
      metadata: asked.metadata ?? {},
      provider: asked.provider,
      diarization: asked.diarization,
    };
    state.artifacts.push(artifact);
    recording.artifactIds.transcript = artifact.id;
    const news = this.#newsOf(recording);
    news.artifact(artifact);
    artifact.status = { ...artifact.status, code: 'done' };
    news.artifact(artifact);
    return artifact;
  }

  /** Every bot leaves its call in order, and no other comes; resolves when all connections have closed. */
  async hangUp(): Promise<void> {
    this.#ending = true;
    await Promise.all(this.runs().map((run) => run.hangUp()));
  }

  async close(): Promise<void> {
    await Promise.all(this.runs().map((run) => run.close()));
  }

  /** The error that a scenario asks for, if any is left. */
  #faultOf(scenario: string, specs: readonly string[], operation: string): FaultAnswer | undefined {
    let left = this.#scenarioFaults.get(scenario);
    if (left === undefined) {
      left = specs.map((spec) => parseFault(spec, this.#operations));
      this.#scenarioFaults.set(scenario, left);
    }
    const fault = left.find((each) => each.remaining > 0 && [operation, 'any'].includes(each.operation));
    if (fault === undefined) return undefined;
    fault.remaining--;
    return faultAnswer(fault.status);
  }

  #meetingOf({ meeting_url, metadata }: CreateBot): Promise<ChosenMeeting> {
    return this.#chooser.choose(meeting_url, metadata?.[SCENARIO_METADATA]);
  }

  #checkTaking(): void {
    if (this.#ending)
      throw new WorkspaceError(503, 'ending', 'recall-emulator is ending and takes no new bots.');
  }

  /**
   * "You must include a trailing `/` before any query parameters, or your request fails with HTTP 400" ("Real-Time Websocket
   * Endpoints", 2026). Whether the real API says so here or at the dial is not known.
   */
  #checkUrls(request: CreateBot | UpdateBot): void {
    const isStrict = this.#rules.strictUrls && this.context.docs === 'current';
    for (const [index, endpoint] of (request.recording_config?.realtime_endpoints ?? []).entries()) {
      const warning = endpoint.type === 'websocket' ? slashWarning(endpoint.url) : undefined;
      if (warning === undefined) continue;
      const text = plainText(warning);
      if (isStrict)
        throw new FieldError(['recording_config', 'realtime_endpoints', index, 'url'], `${text}.`, request);
      this.context.activity.warnOnce(text);
    }
  }

  /** A bot of an earlier process that cannot go on. */
  #giveUp(bot: BotRecord, why: string): void {
    const { calendar, store, activity } = this.context;
    const message = `The bot cannot be scheduled again: ${why}`;
    bot.statusChanges.push({
      code: 'fatal',
      message,
      created_at: calendar.now(),
      sub_code: 'emulator_restarted',
    });
    store.changed(bot.id);
    activity.add('warning', plainText(message), { botId: bot.id });
  }

  #beforeUpdate(bot: BotRecord): Bot {
    const run = this.#beforeDispatch(bot, 400, UPDATE_FAILED, 'Only a scheduled bot can be changed.');
    const { join_at } = bot.request;
    const leftMs = join_at == null ? 0 : Date.parse(join_at) - this.context.calendar.nowMs();
    if (leftMs >= this.#rules.updateCutoffSeconds * 1_000) return run;
    throw new WorkspaceError(
      400,
      UPDATE_FAILED,
      `A bot cannot be changed within ${this.#rules.updateCutoffSeconds} seconds of its join_at.`,
    );
  }

  #beforeDispatch(bot: BotRecord, status: 400 | 405, code: string, message: string): Bot {
    const run = this.#runs.get(bot.id);
    if (run === undefined || run.dispatched || run.ended) throw new WorkspaceError(status, code, message);
    return run;
  }

  #markDeleted(artifact: ArtifactRecord, recording: RecordingRecord): void {
    if (artifact.status.code === 'deleted') return;
    artifact.status = { code: 'deleted', sub_code: null, updated_at: this.context.calendar.now() };
    this.#newsOf(recording).artifact(artifact);
  }

  #newsOf(recording: RecordingRecord): RecordingNews {
    return new RecordingNews(this.context, this.context.store.state(recording.botId)!.bot, recording);
  }

  /** Ids come from the seed; a data folder may have some of them already. */
  #newId(): string {
    const { ids, store } = this.context;
    for (;;) {
      const id = ids.uuid(`bot ${this.#made++}`);
      if (store.state(id) === undefined) return id;
    }
  }
}

/** Whether an error is the user's scenario's, not ours. */
export function isScenarioError(error: unknown): error is InvalidInputError | UsageError {
  return error instanceof InvalidInputError || error instanceof UsageError;
}
