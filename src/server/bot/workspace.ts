/**
 * The workspace: all bots of an API key and what may be done with them. Between the API's routes, which know HTTP, and the
 * bots, which know meetings.
 */
import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { EmulatorError } from '../../errors.ts';
import { plainText } from '../../plain-text.ts';
import {
  type CreateBot,
  createBotSchema,
  notEmulated,
  type UpdateBot,
} from '../../protocol/rest/bot-requests.ts';
import { parseMeetingUrl } from '../../protocol/rest/meeting-url.ts';
import type { CreateSdkUpload } from '../../protocol/rest/sdk-upload.ts';
import { packContent } from '../store/packed-content.ts';
import {
  type ArtifactKind,
  type ArtifactRecord,
  type BotRecord,
  type BotState,
  hasEnded,
  type RealtimeEndpointRecord,
  type RecordingRecord,
} from '../store/records.ts';
import { AnswersOnDemand, parseAnswer } from './answers.ts';
import { AskedMeetings, type GivenBefore } from './asked-meetings.ts';
import { Bot } from './bot.ts';
import type { BotContext } from './context.ts';
import { Media } from './media.ts';
import { completedBot, notFound, Refusal, refused } from './refusal.ts';
import { type ChosenMeeting, type ScenarioChooser, scenarioMistake } from './scenarios.ts';
import { cannotDelete, ScheduleRules, updateFailed } from './schedule-rules.ts';
import type { SdkUpload } from './sdk-upload.ts';
import { SdkUploads } from './sdk-uploads.ts';

/** How strict the workspace is. */
export interface WorkspaceRules {
  /** 400 for a WebSocket URL without `/` before its query, which is only told otherwise. */
  readonly strictUrls: boolean;
  /** For so long before its `join_at` a bot can be neither changed nor deleted ("Scheduling Bots", 2026: about ten minutes). */
  readonly updateCutoffSeconds: number;
}

const CLOSE_WITHIN_MS = 2_000;

export class Workspace {
  readonly context: BotContext;
  readonly media: Media;
  readonly uploads: SdkUploads;
  forgotten = false;
  readonly #asked: AskedMeetings;
  readonly #operations: readonly string[];
  readonly #schedule: ScheduleRules;
  readonly #saved: (botId: string) => Promise<void>;
  readonly #bots = new Map<string, Bot>();
  /** The answers that each scenario has left, by its name. */
  readonly #scenarioAnswers = new Map<string, AnswersOnDemand>();
  #name: string | undefined;
  #made = 0;
  #ending = false;

  constructor(
    context: BotContext,
    chooser: ScenarioChooser,
    options: {
      /** Undefined while it is nobody's. */
      readonly name?: string | undefined;
      readonly operations: readonly string[];
      readonly rules: WorkspaceRules;
      /** Resolves when what is known of a bot is where it is kept. */
      saved(botId: string): Promise<void>;
    },
  ) {
    this.context = context;
    this.media = new Media(context);
    this.#asked = new AskedMeetings(context, chooser, options.rules.strictUrls);
    this.uploads = new SdkUploads(context, this.#asked);
    this.#name = options.name;
    this.#operations = options.operations;
    this.#schedule = new ScheduleRules(options.rules.updateCutoffSeconds, context.calendar);
    this.#saved = options.saved;
  }

  /** It has been nobody's: its bots are those of this name from now on. */
  claim(name: string): void {
    const { store } = this.context;
    this.#name = name;
    for (const { bot } of store.states()) {
      bot.workspace = name;
      store.changed(bot.id);
    }
  }

  /** Before a client is told of a change. `id` is that of a bot or of anything that a bot has. */
  async saved(id: string): Promise<void> {
    await this.#saved(this.context.store.ownerOf(id)?.bot.id ?? id);
  }

  /** The bots that this process has played or plays. */
  bots(): readonly Bot[] {
    return [...this.#bots.values()];
  }

  /** Whoever records: the bots, and the SDK uploads. */
  recorders(): readonly (Bot | SdkUpload)[] {
    return [...this.bots(), ...this.uploads.all()];
  }

  /** Undefined for one of an earlier process that had ended. */
  bot(id: string): Bot | undefined {
    return this.#bots.get(id);
  }

  /** Throws a `Refusal` (404), as the lookups below do. */
  record(botId: string): BotRecord {
    const bot = this.context.store.state(botId)?.bot;
    return found(bot?.sdkUpload === undefined ? bot : undefined);
  }

  recording(id: string): RecordingRecord {
    return found(this.context.store.recording(id));
  }

  artifact(kind: ArtifactKind, id: string): ArtifactRecord {
    const artifact = this.context.store.artifact(id);
    return found(artifact?.kind === kind ? artifact : undefined);
  }

  endpoint(id: string): RealtimeEndpointRecord {
    return found(this.context.store.endpoint(id));
  }

  /** Throws a `Refusal` for what cannot be asked for, and for a scenario that cannot be played. */
  async createBot(request: CreateBot, given: GivenBefore = {}): Promise<BotRecord> {
    const { store, activity, calendar } = this.context;
    this.#checkTaking();
    this.#asked.checkUrls(request);
    const meeting = await this.#asked.askedFor(request, given.scenario);
    this.#checkTaking();
    this.#answerOnDemand(meeting);

    const record: BotRecord = {
      id: given.id ?? this.#newId(),
      createdAt: calendar.now(),
      workspace: this.#name,
      meetingUrl: parseMeetingUrl(request.meeting_url)!,
      request,
      statusChanges: [],
      recordingIds: [],
      scenario: meeting.name,
    };
    const state: BotState = { bot: record, recordings: [], artifacts: [], realtimeEndpoints: [] };
    activity.add('bot', `created for ${record.meetingUrl.platform}, plays ${meeting.name}`, {
      botId: record.id,
      data: { scenario: meeting.name },
    });
    const ignored = notEmulated(request);
    if (ignored.length > 0) activity.warnOnce(`accepted, not emulated: ${ignored.join(', ')}`);
    store.add(state);
    this.#start(state, meeting);
    return record;
  }

  /** Throws a `Refusal`, as `createBot` does. */
  async createSdkUpload(asked: CreateSdkUpload, given: GivenBefore = {}): Promise<BotRecord> {
    this.#checkTaking();
    const id = given.id ?? this.#newId('sdk_upload');
    const uploadToken = this.context.ids.uuid(`upload_token ${id}`);
    return this.uploads.create(asked, { workspace: this.#name, id, uploadToken, scenario: given.scenario });
  }

  /** Takes the bots of a data folder. Those whose time is still to come are scheduled again. */
  async restore(states: readonly BotState[]): Promise<void> {
    for (const state of states) {
      const { bot: record } = state;
      record.workspace = this.#name;
      this.context.store.add(state);
      if (hasEnded(record)) {
        for (const recording of state.recordings) await packContent(recording);
        continue;
      }
      try {
        if (record.sdkUpload !== undefined) {
          await this.uploads.restore(state);
          continue;
        }
        this.#start(state, await this.#asked.of(createBotSchema.parse(record.request)));
      } catch (error) {
        this.#giveUp(record, reasonToGiveUp(error));
      }
    }
  }

  /** Only before the bot is dispatched. A change that is refused changes nothing. Throws a `Refusal`. */
  async updateBot(record: BotRecord, change: UpdateBot): Promise<void> {
    this.#asked.checkUrls(change);
    for (;;) {
      const bot = this.#beforeUpdate(record, change);
      const request = { ...record.request, ...change } as CreateBot;
      const meeting = await this.#asked.askedFor(request);
      // Meanwhile the bot may have gone into its call, which is refused now, or another change may have come first.
      if (this.#beforeUpdate(record, change) !== bot) continue;
      bot.cancel();
      record.request = request;
      record.meetingUrl = parseMeetingUrl(request.meeting_url)!;
      record.scenario = meeting.name;
      this.context.store.changed(record.id);
      this.#start(this.context.store.state(record.id)!, meeting);
      return;
    }
  }

  /** Only before the bot is launched. Throws a `Refusal`. */
  deleteBot(record: BotRecord): void {
    this.#schedule.checkDelete(record);
    this.cancelBot(record);
  }

  /** The same until the bot joins. Throws a `Refusal`. */
  cancelBot(record: BotRecord): void {
    const bot = this.#beforeDispatch(record, cannotDelete('Only a scheduled bot can be deleted.'));
    bot.cancel();
    this.#bots.delete(record.id);
    this.context.store.removeBot(record.id);
    this.context.activity.add('bot', 'deleted', { botId: record.id });
  }

  /** The bot that a command is for. Throws a `Refusal` when it is one of an earlier process. */
  commanded(record: BotRecord): Bot {
    const bot = this.#bots.get(record.id);
    if (bot === undefined) throw completedBot();
    return bot;
  }

  /** Ends a bot's call, or what it is about to join. Throws a `Refusal`. */
  leaveCall(record: BotRecord): void {
    this.commanded(record).leave(this.#schedule.isLaunched(record));
  }

  /** Every bot leaves its call in order, and no other comes; resolves when all connections have closed. */
  async hangUp(): Promise<void> {
    this.#ending = true;
    await Promise.all(this.recorders().map((each) => each.hangUp()));
  }

  async close(): Promise<void> {
    await Promise.all(this.recorders().map((each) => each.close()));
  }

  /** Ends every bot at once, and leaves nothing of them, on disk neither. Connections that do not close are not waited for. */
  async forget(): Promise<void> {
    this.#ending = true;
    this.forgotten = true;
    this.context.activity.add('log', 'forgotten on demand');
    const { store, clock, dirOf } = this.context;
    await new Promise<void>((resolve, reject) => {
      const cancel = clock.afterWall(CLOSE_WITHIN_MS, resolve);
      this.close().then(resolve, reject).finally(cancel);
    });
    for (const { bot, recordings } of store.states()) {
      store.removeBot(bot.id);
      for (const { id } of recordings) await rm(dirOf(bot.id, id), { recursive: true, force: true });
    }
  }

  #start(state: BotState, meeting: ChosenMeeting): void {
    const bot = new Bot(this.context, state, meeting);
    this.#bots.set(state.bot.id, bot);
    this.context.whenAppReady(() => {
      // It may have been deleted meanwhile.
      if (!bot.ended) bot.schedule();
    });
  }

  /** The error that the scenario asks for, if any is left. */
  #answerOnDemand({ name, bot }: ChosenMeeting): void {
    let answers = this.#scenarioAnswers.get(name);
    if (answers === undefined) {
      answers = new AnswersOnDemand();
      try {
        for (const spec of [...(bot.answers ?? []), ...(bot.faults ?? [])])
          answers.add(parseAnswer(spec, this.#operations));
      } catch (error) {
        throw scenarioMistake(error);
      }
      this.#scenarioAnswers.set(name, answers);
    }
    const answer = answers.take('create_bot');
    if (answer !== undefined) throw answer;
  }

  #checkTaking(): void {
    if (this.#ending) throw refused(503, 'ending', 'recall-emulator is ending and takes no new bots.');
  }

  /** A bot of an earlier process that cannot go on. */
  #giveUp(record: BotRecord, why: string): void {
    const { calendar, store, activity } = this.context;
    const message = `The bot cannot be scheduled again: ${why}`;
    if (record.sdkUpload !== undefined) {
      const status = { code: 'failed' as const, sub_code: 'emulator_restarted', updated_at: calendar.now() };
      record.sdkUpload.status = status;
    } else
      record.statusChanges.push({
        code: 'fatal',
        message,
        created_at: calendar.now(),
        sub_code: 'emulator_restarted',
      });
    store.changed(record.id);
    activity.add('warning', plainText(message), { botId: record.id });
  }

  #beforeUpdate(record: BotRecord, change: UpdateBot): Bot {
    const bot = this.#beforeDispatch(record, updateFailed('Only a scheduled bot can be changed.'));
    this.#schedule.checkUpdate(record, change);
    return bot;
  }

  #beforeDispatch(record: BotRecord, otherwise: Refusal): Bot {
    const bot = this.#bots.get(record.id);
    if (bot === undefined || bot.dispatched || bot.ended) throw otherwise;
    return bot;
  }

  /** Ids come from the seed; a data folder may have some of them already. */
  #newId(kind = 'bot'): string {
    const { ids, store } = this.context;
    for (;;) {
      const id = ids.uuid(`${kind} ${this.#made++}`);
      if (store.state(id) === undefined) return id;
    }
  }
}

function found<T>(value: T | undefined): T {
  if (value === undefined) throw notFound();
  return value;
}

/** Why a bot of an earlier process cannot be made again. Throws anything but a mistake in its request. */
function reasonToGiveUp(error: unknown): string {
  if (error instanceof z.ZodError) return 'its request is not one of today';
  // What it says into its meeting may be no MP3 any more.
  if (error instanceof Refusal) return `its request is refused: ${JSON.stringify(error.body)}`;
  if (error instanceof EmulatorError) return error.message;
  throw error;
}
