/** The Desktop SDK uploads of a workspace: made by the app, and driven by the control API. */
import { type CreateBot, createBotSchema } from '../../protocol/rest/bot-requests.ts';
import { parseMeetingUrl } from '../../protocol/rest/meeting-url.ts';
import type { CreateSdkUpload } from '../../protocol/rest/sdk-upload.ts';
import type { BotRecord, BotState } from '../store/records.ts';
import type { AskedMeetings } from './asked-meetings.ts';
import type { BotContext } from './context.ts';
import { notFound } from './refusal.ts';
import type { ChosenMeeting } from './scenarios.ts';
import { SdkUpload } from './sdk-upload.ts';

/** **Our choice**: an upload does not say which meeting it will be, and a recording has the platform of one. */
const MEETING_URL = 'https://zoom.us/j/1234567890';

export class SdkUploads {
  readonly #context: BotContext;
  readonly #asked: AskedMeetings;
  readonly #uploads = new Map<string, SdkUpload>();

  constructor(context: BotContext, asked: AskedMeetings) {
    this.#context = context;
    this.#asked = asked;
  }

  /** Of this process, and those of an earlier one that wait. */
  all(): readonly SdkUpload[] {
    return [...this.#uploads.values()];
  }

  /** Whose recording is driven: `id` may be the upload's token, which is what a desktop app has. */
  find(id: string): SdkUpload | undefined {
    return this.#uploads.get(id) ?? this.all().find(({ record }) => record.sdkUpload?.uploadToken === id);
  }

  /** Newest first. */
  records(): BotRecord[] {
    return this.#context.store.uploads();
  }

  /** Throws a `Refusal` (404). */
  record(id: string): BotRecord {
    const bot = this.#context.store.state(id)?.bot;
    if (bot?.sdkUpload === undefined) throw notFound();
    return bot;
  }

  /** Throws a `Refusal` for what cannot be asked for. `scenario`: a file in place of what is asked for. */
  async create(
    asked: CreateSdkUpload,
    {
      workspace,
      id,
      uploadToken,
      scenario,
    }: {
      readonly workspace: string | undefined;
      readonly id: string;
      readonly uploadToken: string;
      readonly scenario: string | undefined;
    },
  ): Promise<BotRecord> {
    const request = requestOf(asked);
    this.#asked.checkUrls(request);
    const meeting = await this.#asked.askedFor(request, scenario);
    const now = this.#context.calendar.now();
    const record: BotRecord = {
      id,
      createdAt: now,
      workspace,
      meetingUrl: parseMeetingUrl(request.meeting_url)!,
      request,
      statusChanges: [],
      recordingIds: [],
      scenario: meeting.name,
      sdkUpload: {
        uploadToken,
        status: { code: 'pending', sub_code: null, updated_at: now },
      },
    };
    const state: BotState = { bot: record, recordings: [], artifacts: [], realtimeEndpoints: [] };
    this.#context.store.add(state);
    this.#keep(state, meeting);
    this.#context.activity.add('bot', `sdk_upload created, plays ${meeting.name}`, { botId: record.id });
    return record;
  }

  /** One of an earlier process that still waits. Throws what is wrong with its scenario. */
  async restore(state: BotState): Promise<void> {
    this.#keep(state, await this.#asked.of(createBotSchema.parse(state.bot.request)));
  }

  #keep(state: BotState, meeting: ChosenMeeting): void {
    this.#uploads.set(state.bot.id, new SdkUpload(this.#context, state, meeting));
  }
}

/** As a bot would be asked for. Nobody speaks for an upload. */
function requestOf({ recording_config, transcript, metadata }: CreateSdkUpload): CreateBot {
  const { include_bot_in_recording: _, ...config } = recording_config ?? {};
  return {
    meeting_url: MEETING_URL,
    recording_config: { ...(transcript == null ? {} : { transcript }), ...config },
    ...(metadata === undefined ? {} : { metadata }),
  };
}
