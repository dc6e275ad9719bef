/**
 * One Desktop SDK upload while it lives: waits for somebody to record with its token, plays its meeting meanwhile, and is uploaded
 * and complete after it, or fails. There is no bot: who starts and stops it is the control API.
 */
import { SAMPLE_RATE } from '../../protocol/pcm.ts';
import { SDK_UPLOAD_STATUSES } from '../../protocol/rest/other-webhooks.ts';
import type { SdkUploadCode } from '../../protocol/rest/sdk-upload.ts';
import { statusWebhook } from '../../protocol/webhook-builder.ts';
import {
  type BotRecord,
  type BotState,
  eventRefOf,
  hasEnded,
  type SdkUploadRecord,
} from '../store/records.ts';
import type { BotContext } from './context.ts';
import type { Meeting } from './meeting.ts';
import { Recording } from './recording.ts';
import { refused } from './refusal.ts';
import type { ChosenMeeting } from './scenarios.ts';
import { tellError } from './status-webhook.ts';
import { Timers } from './timers.ts';
import { sumOf, type Totals } from './totals.ts';

/** Codes that are told by webhook. */
const TOLD: readonly string[] = SDK_UPLOAD_STATUSES;

export class SdkUpload {
  readonly state: BotState;
  /** It is nobody's fault when an upload ends: there is no meeting to leave. */
  readonly endedEarly = false;
  readonly #context: BotContext;
  readonly #timers: Timers;
  readonly #recordings: Recording[] = [];
  /** Freed with the upload's end: it holds the audio. */
  #chosen: ChosenMeeting | undefined;
  /** While it runs or is paused. */
  #recording: Recording | undefined;

  constructor(context: BotContext, state: BotState, chosen: ChosenMeeting) {
    this.#context = context;
    this.state = state;
    this.#chosen = chosen;
    this.#timers = new Timers(context.pacer, (error) => {
      tellError(context, this.record, error);
      this.#end('failed', 'emulator_error');
    });
  }

  get record(): BotRecord {
    return this.state.bot;
  }

  get status(): SdkUploadCode {
    return this.#upload.status.code;
  }

  /** The recording that runs or is paused. */
  get meeting(): Meeting | undefined {
    return this.#recording?.meeting;
  }

  recordings(): readonly Recording[] {
    return this.#recordings;
  }

  totals(): Totals {
    return sumOf(this.#recordings.map((recording) => recording.totals()));
  }

  /** Somebody records with the upload's token. Throws a `Refusal` (409) after the first time. */
  start(): void {
    if (this.status !== 'pending' || this.#chosen === undefined)
      throw refused(409, 'sdk_upload_used', `The upload is ${this.status}: something is recorded once only.`);
    const { clock } = this.#context;
    const { timeline } = this.#chosen;
    const recording: Recording = new Recording(this.#context, this.state, this.#chosen, 0, {
      onAttendance: () => {},
      onFailure: ({ code }) => {
        if (this.#recording === recording) this.#end('failed', code);
      },
    });
    this.#recording = recording;
    this.#recordings.push(recording);
    this.#enter('recording');
    recording.start();
    const endMs = recording.meeting.session.timeOfSample(timeline.durationSamples);
    this.#timers.after('meeting', (endMs - clock.now()) / 1_000, () => this.stop());
    this.#context.activity.add('log', `records for ${timeline.durationSamples / SAMPLE_RATE} s`, {
      botId: this.record.id,
    });
  }

  pause(): void {
    this.#running().pause();
  }

  resume(): void {
    this.#running().resume();
  }

  /** The recording is over, and is uploaded. Throws a `Refusal` (409) when nothing is recorded. */
  stop(): void {
    const recording = this.#running();
    this.#recording = undefined;
    this.#timers.cancelAll();
    this.#enter('uploading');
    recording.end(this.#context.delays.doneSeconds, () => this.#end('complete'));
  }

  /** The upload comes to nothing. What was recorded by then is kept. Throws a `Refusal` (409) when it is over. */
  fail(subCode: string | null): void {
    if (hasEnded(this.record)) throw refused(409, 'sdk_upload_over', `The upload is ${this.status} already.`);
    this.#end('failed', subCode);
  }

  /** Stops in order, and resolves when the connections have closed. */
  async hangUp(): Promise<void> {
    if (this.#recording !== undefined) this.stop();
    await Promise.all(this.#recordings.map((recording) => recording.finished()));
  }

  /** Everything stops at once. Resolves when the connections have closed. */
  async close(): Promise<void> {
    this.#timers.cancelAll();
    await Promise.all(this.#recordings.map((recording) => recording.abort()));
  }

  get #upload(): SdkUploadRecord {
    return this.record.sdkUpload!;
  }

  #running(): Recording {
    if (this.#recording === undefined)
      throw refused(409, 'sdk_upload_not_recording', `The upload is ${this.status}: nothing is recorded.`);
    return this.#recording;
  }

  #end(code: 'complete' | 'failed', subCode: string | null = null): void {
    // A recording that is still under way when its upload has failed is done after it, and changes nothing any more.
    if (hasEnded(this.record)) return;
    this.#timers.cancelAll();
    const recording = this.#recording;
    this.#recording = undefined;
    this.#chosen = undefined;
    this.#enter(code, subCode);
    recording?.end(0);
  }

  #enter(code: SdkUploadCode, subCode: string | null = null): void {
    const { calendar, store, activity, webhooks } = this.#context;
    const { id, request, recordingIds } = this.record;
    this.#upload.status = { code, sub_code: subCode, updated_at: calendar.now() };
    store.changed(id);
    activity.add('bot', `sdk_upload ${code}${subCode === null ? '' : ` (${subCode})`}`, {
      botId: id,
      data: { code, sub_code: subCode },
    });
    if (!TOLD.includes(code)) return;
    const recording = store.recording(recordingIds[0] ?? '');
    const refs = {
      sdk_upload: eventRefOf({ id, metadata: request.metadata }),
      // So the published schema has it: null for one that has failed.
      recording: code === 'failed' || recording === undefined ? null : eventRefOf(recording),
    };
    const told = { code, sub_code: subCode };
    webhooks.status(id, statusWebhook(`sdk_upload.${code}`, told, calendar.nowInEvents(), refs));
  }
}
