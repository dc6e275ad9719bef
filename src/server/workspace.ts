/**
 * The workspace: all bots of a server and what may be done with them. Between the API's routes, which know HTTP, and the
 * bots, which know meetings.
 */
import { rm } from 'node:fs/promises';
import { InvalidInputError, UsageError } from '../errors.ts';
import { BotRun } from './bot-run.ts';
import type { BotContext } from './context.ts';
import { type Fault, type FaultAnswer, faultAnswer, parseFault } from './faults.ts';
import { parseMeetingUrl } from './meeting-url.ts';
import {
  type ArtifactRecord,
  type BotRecord,
  type BotState,
  emptyContent,
  eventMetadata,
  hasEnded,
  type RecordingRecord,
} from './records.ts';
import { type CreateBot, notEmulated, type UpdateBot } from './requests.ts';
import { SCENARIO_METADATA, type ScenarioChooser } from './scenarios.ts';

/** A change that comes too late or too early: 400 or 405. */
export class WorkspaceError extends UsageError {
  override readonly name: string = 'WorkspaceError';
  readonly status: 400 | 404 | 405;

  constructor(status: 400 | 404 | 405, code: string, message: string) {
    super(code, message);
    this.status = status;
  }
}

/** A scenario that is to answer with an error. */
export class ScenarioFault extends Error {
  readonly answer: FaultAnswer;

  constructor(answer: FaultAnswer) {
    super(`HTTP ${answer.status} on demand`);
    this.answer = answer;
  }
}

export class Workspace {
  readonly context: BotContext;
  readonly #chooser: ScenarioChooser;
  readonly #operations: readonly string[];
  readonly #runs = new Map<string, BotRun>();
  /** Faults of each scenario that are left, by its name. */
  readonly #scenarioFaults = new Map<string, Fault[]>();
  #made = 0;

  constructor(context: BotContext, chooser: ScenarioChooser, operations: readonly string[]) {
    this.context = context;
    this.#chooser = chooser;
    this.#operations = operations;
  }

  run(botId: string): BotRun | undefined {
    return this.#runs.get(botId);
  }

  runs(): readonly BotRun[] {
    return [...this.#runs.values()];
  }

  /** Throws an `InvalidInputError` or a `UsageError` for a scenario that metadata names and that cannot be played. */
  async createBot(request: CreateBot): Promise<BotRecord> {
    const { store, activity, calendar } = this.context;
    const named = request.metadata?.[SCENARIO_METADATA];
    const meeting = await this.#chooser.choose(request.meeting_url, named);
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
    const run = new BotRun(this.context, state, meeting);
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
      const meeting = await this.#chooser.choose(
        bot.request.meeting_url,
        bot.request.metadata?.[SCENARIO_METADATA],
      );
      const run = new BotRun(this.context, state, meeting);
      this.#runs.set(bot.id, run);
      run.schedule();
    }
  }

  /** Only before the bot is dispatched. */
  async updateBot(bot: BotRecord, change: UpdateBot): Promise<void> {
    const run = this.#beforeDispatch(
      bot,
      400,
      'cannot_update_dispatched_bot',
      'Only a scheduled bot can be changed.',
    );
    bot.request = { ...bot.request, ...change } as CreateBot;
    if (change.meeting_url !== undefined) bot.meetingUrl = parseMeetingUrl(change.meeting_url)!;
    const meeting = await this.#chooser.choose(
      bot.request.meeting_url,
      bot.request.metadata?.[SCENARIO_METADATA],
    );
    run.cancel();
    bot.scenario = meeting.name;
    const state = this.context.store.state(bot.id)!;
    const next = new BotRun(this.context, state, meeting);
    this.#runs.set(bot.id, next);
    this.context.store.changed(bot.id);
    next.schedule();
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
  command(bot: BotRecord): BotRun {
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
    this.#tell('recording.deleted', recording, {});
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
      status: { code: 'done', sub_code: null, updated_at: calendar.now() },
      metadata: asked.metadata ?? {},
      provider: asked.provider,
      diarization: asked.diarization,
    };
    state.artifacts.push(artifact);
    recording.artifactIds.transcript = artifact.id;
    store.changed(recording.botId);
    this.#tell('transcript.processing', recording, { artifact, code: 'processing' });
    this.#tell('transcript.done', recording, { artifact, code: 'done' });
    return artifact;
  }

  /** Every bot leaves its call in order; resolves when all connections have closed. */
  async hangUp(): Promise<void> {
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

  #beforeDispatch(bot: BotRecord, status: 400 | 405, code: string, message: string): BotRun {
    const run = this.#runs.get(bot.id);
    if (run === undefined || run.dispatched) throw new WorkspaceError(status, code, message);
    return run;
  }

  #markDeleted(artifact: ArtifactRecord, recording: RecordingRecord): void {
    if (artifact.status.code === 'deleted') return;
    artifact.status = { code: 'deleted', sub_code: null, updated_at: this.context.calendar.now() };
    this.#tell(`${artifact.kind}.deleted`, recording, { artifact, code: 'deleted' });
  }

  #tell(
    event: string,
    recording: RecordingRecord,
    { artifact, code = 'deleted' }: { readonly artifact?: ArtifactRecord; readonly code?: string },
  ): void {
    const { calendar, webhooks, store, activity } = this.context;
    const { bot } = store.state(recording.botId)!;
    const ref = (record: { id: string; metadata: Readonly<Record<string, string | null>> }) => ({
      id: record.id,
      metadata: eventMetadata(record.metadata),
    });
    activity.add(artifact === undefined ? 'recording' : 'artifact', event, { botId: bot.id });
    webhooks.status(bot.id, {
      event,
      data: {
        data: { code, sub_code: null, updated_at: calendar.nowInEvents() },
        ...(artifact === undefined ? {} : { [artifact.kind]: ref(artifact) }),
        recording: ref(recording),
        bot: { id: bot.id, metadata: eventMetadata(bot.request.metadata) },
      },
    });
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
