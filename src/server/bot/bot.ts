/**
 * One bot while it lives: from the moment it is made through the call to `done` or `fatal`. Decides statuses and when
 * recordings begin and end, and tells of each by webhook. The recordings themselves are `Recording`'s.
 */

import { SAMPLE_RATE } from '../../protocol/pcm.ts';
import type { BotStatus } from '../../protocol/rest/bot-status.ts';
import { parseDuration } from '../../scenario/duration.ts';
import { timelineFrom } from '../../scenario/slice.ts';
import type { Timeline } from '../../scenario/timeline.ts';
import { type BotRecord, type BotState, hasEnded, statusOf } from '../store/records.ts';
import { LeaveWatch } from './automatic-leave.ts';
import { type BotContext, type BotDelays, delaysOf } from './context.ts';
import type { Meeting } from './meeting.ts';
import { Recording } from './recording.ts';
import { DEFAULT_START, firstJoinSeconds, startSeconds } from './recording-start.ts';
import { completedBot, refused, unstartedBot } from './refusal.ts';
import type { ChosenMeeting } from './scenarios.ts';
import { deniedSubCode, enterStatus, tellChatOnJoin, tellError, tellIfEarly } from './status-webhook.ts';
import { checkCanStart, checkStep, type Step } from './steps.ts';
import { Timers } from './timers.ts';
import { sumOf, type Totals } from './totals.ts';
import { getZoomTokens } from './zoom-tokens.ts';

export class Bot {
  readonly state: BotState;
  /** Whether the app told the bot to leave before its meeting was over. */
  endedEarly = false;
  readonly #context: BotContext;
  /** Freed with the bot's end: it holds the audio. */
  #timeline: Timeline | undefined;
  readonly #extras: Pick<ChosenMeeting, 'drawPictures' | 'greeting'>;
  readonly #script: ChosenMeeting['bot'];
  readonly #delays: BotDelays;
  readonly #timers: Timers;
  readonly #watch: LeaveWatch;
  #recording: Recording | undefined;
  readonly #recordings: Recording[] = [];
  /** Clock time of the scenario's second 0. */
  #meetingOriginMs: number | undefined;
  #ended = false;

  constructor(context: BotContext, state: BotState, meeting: ChosenMeeting) {
    this.#context = context;
    this.state = state;
    this.#timeline = meeting.timeline;
    this.#extras = { drawPictures: meeting.drawPictures, greeting: meeting.greeting };
    this.#script = meeting.bot;
    this.#delays = delaysOf(context.delays, meeting.bot.delays);
    this.#timers = new Timers(context.pacer, (error) => this.#onError(error));
    this.#watch = new LeaveWatch(state.bot.request.automatic_leave, this.#timers, (subCode) =>
      this.#endCall(subCode),
    );
  }

  get record(): BotRecord {
    return this.state.bot;
  }

  get status(): BotStatus {
    return statusOf(this.record);
  }

  get dispatched(): boolean {
    return this.status !== 'ready';
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** The recording that runs or is paused. */
  get meeting(): Meeting | undefined {
    return this.#recording?.meeting;
  }

  /** All frames and events of all recordings so far. */
  totals(): Totals {
    return sumOf(this.#recordings.map((recording) => recording.totals()));
  }

  recordings(): readonly Recording[] {
    return this.#recordings;
  }

  /** Joins now, or at `join_at` when that is to come. */
  schedule(): void {
    const { clock, calendar } = this.#context;
    const { join_at } = this.record.request;
    const joinMs = join_at == null ? 0 : calendar.clockMsOf(Date.parse(join_at));
    if (joinMs <= clock.now()) {
      this.#join();
      return;
    }
    if (this.record.statusChanges.length === 0) this.#setStatus('ready');
    this.#timers.after('join_at', (joinMs - clock.now()) / 1_000, () => this.#join());
  }

  /** Ends the call: the bot has been told to leave. `launched`: it may be on its way to a call that it waits for. */
  leave(launched: boolean): void {
    if (!launched || this.dispatched) this.checkInCall();
    this.#tellEarly();
    this.#recording?.noteLeave();
    this.#endCall('bot_received_leave_call');
  }

  startRecording(): void {
    this.checkInCall();
    checkCanStart(this.status, this.#recording !== undefined);
    this.#timers.cancel('recording');
    this.askPermission();
  }

  stopRecording(): void {
    const recording = this.#runningRecording();
    this.#recording = undefined;
    this.#watch.recordingOver();
    recording.end(this.#delays.doneSeconds);
    this.#notRecording();
  }

  pauseRecording(): void {
    this.#runningRecording().pause();
    this.#notRecording();
  }

  resumeRecording(): void {
    this.#runningRecording().resume();
    this.#timers.cancel('not_recording');
    this.#setStatus('in_call_recording');
  }

  /** Somebody brings the bot to a status by hand: what the bot does then is what it would do. Throws a `Refusal`. */
  step(to: BotStatus, subCode: string | undefined, message: string): void {
    const recording = this.#recording !== undefined;
    const steps: Readonly<Record<Step, () => void>> = {
      joining_call: () => this.#join(),
      in_waiting_room: () => this.#wait(),
      in_call_not_recording: () => (recording ? this.stopRecording() : this.#enterCall()),
      recording_permission_allowed: () => this.#allow(undefined),
      recording_permission_denied: () => this.#deny(subCode),
      in_call_recording: () => (recording ? this.resumeRecording() : this.#record(undefined)),
      call_ended: () => this.#endCall(subCode ?? 'call_ended_by_host'),
      fatal: () => this.#fail(subCode ?? 'bot_errored', message),
    };
    steps[checkStep(this.status, to, subCode)]();
  }

  /** Says that the bot has a status, whatever it does: nothing else follows from it. */
  force(status: BotStatus, subCode = '', message = ''): void {
    enterStatus(this.#context, this.record, status, subCode, message);
  }

  /** Commands are for a bot that is on its way or in its call. Throws a `Refusal`. */
  checkInCall(): void {
    if (!this.dispatched) throw unstartedBot();
    if (this.#ended || hasEnded(this.record)) throw completedBot();
  }

  /** The process ends: everything stops at once. Resolves when the connections have closed. */
  async close(): Promise<void> {
    this.#timers.cancelAll();
    if (!this.dispatched) this.cancel();
    await Promise.all(this.#recordings.map((recording) => recording.abort()));
  }

  /** Leaves in order, and resolves when the connections have closed. For Ctrl-C. */
  async hangUp(): Promise<void> {
    if (this.dispatched && !this.#ended) this.#endCall('bot_received_leave_call');
    await Promise.all(this.#recordings.map((recording) => recording.finished()));
    if (this.status === 'call_ended') {
      this.#timers.cancel('done');
      this.#finish();
    }
  }

  /** Forgets a bot that was not dispatched. */
  cancel(): void {
    this.#ended = true;
    this.#timeline = undefined;
    this.#timers.cancel('join_at');
  }

  #join(): void {
    this.#timers.cancel('join_at');
    this.#setStatus('joining_call');
    const arrive = (isLetIn: boolean): void => (isLetIn ? this.#enterCall() : this.#wait());
    const fail = (subCode: string, message: string): void => this.#fail(subCode, message);
    getZoomTokens(this.#context, this.record, this.#timers, fail, (isLetIn) =>
      this.#timers.after('step', this.#delays.joiningSeconds, () => arrive(isLetIn)),
    );
  }

  #wait(): void {
    const { waitingRoomSeconds } = this.#delays;
    this.#timers.cancel('step');
    this.#setStatus('in_waiting_room');
    if (this.#watch.waitingRoom(waitingRoomSeconds)) return;
    this.#timers.after('step', waitingRoomSeconds, () => this.#enterCall());
  }

  #enterCall(): void {
    this.#timers.cancel('step');
    this.#notRecording();
    tellChatOnJoin(this.#context, this.record);
    const on = this.record.request.recording_config?.start_recording_on ?? DEFAULT_START;
    if (on === 'manual') return;
    const { notRecordingSeconds, permissionSeconds } = this.#delays;
    const wait = startSeconds(this.#meeting, on);
    if (wait === 0) {
      this.#timers.after('recording', notRecordingSeconds, () => this.askPermission(0));
      return;
    }
    // The scenario begins when a recording would that waits for nobody, and this one begins in the middle of it.
    this.#anchorMeeting(this.#context.clock.now() + (notRecordingSeconds + permissionSeconds) * 1_000);
    this.#watch.waitingFor(firstJoinSeconds(this.#meeting));
    if (wait === undefined) return;
    const startSample = Math.round(wait * SAMPLE_RATE);
    this.#timers.after('recording', notRecordingSeconds + wait, () => this.askPermission(startSample));
  }

  get #meeting(): Timeline {
    if (this.#timeline === undefined) throw new Error('the bot has ended');
    return this.#timeline;
  }

  /** The scenario's second 0 is at this time of the clock; its end is the end of the call. */
  #anchorMeeting(originMs: number): void {
    this.#meetingOriginMs = originMs;
    const inSeconds = (originMs - this.#context.clock.now()) / 1_000;
    const seconds = inSeconds + this.#meeting.durationSamples / SAMPLE_RATE;
    this.#timers.after('meeting', seconds, () =>
      this.#endCall(this.#script.call_ended_sub_code ?? 'call_ended_by_host'),
    );
  }

  /** `startSample`: the position in the scenario at which the recording starts, where it starts on its own. */
  askPermission(startSample?: number): void {
    if (this.#script.recording_permission === 'denied') this.#deny();
    else this.#allow(startSample);
  }

  #deny(subCode = deniedSubCode(this.record)): void {
    this.#timers.cancel('recording');
    this.#setStatus('recording_permission_denied', subCode);
    this.#watch.permissionDenied();
  }

  #allow(startSample: number | undefined): void {
    this.#setStatus('recording_permission_allowed');
    this.#timers.after('recording', this.#delays.permissionSeconds, () => this.#record(startSample));
  }

  #record(startSample: number | undefined): void {
    const { clock } = this.#context;
    this.#timers.cancel('recording');
    this.#setStatus('in_call_recording');
    // A timer that comes late cuts nothing off: the scenario waits for it.
    const elapsedMs = Math.max(0, clock.now() - (this.#meetingOriginMs ?? clock.now()));
    const elapsed = startSample ?? Math.round((elapsedMs * SAMPLE_RATE) / 1_000);
    const timeline = elapsed === 0 ? this.#meeting : timelineFrom(this.#meeting, elapsed);
    const meeting = { ...this.#extras, timeline };
    const recording: Recording = new Recording(this.#context, this.state, meeting, this.#recordings.length, {
      onAttendance: () => this.#onAttendance(),
      onFailure: ({ code, text }) => {
        if (this.#recording === recording) this.#fail(code, text);
      },
    });
    this.#recording = recording;
    this.#recordings.push(recording);
    recording.start();
    // The recording's own second 0 counts, which is a moment later: the call does not end before the last frame.
    if (this.meeting !== undefined) this.#anchorMeeting(this.meeting.session.timeOfSample(-elapsed));
    this.#watch.recording(() => this.meeting?.silentSeconds ?? 0);
    this.#onAttendance();
  }

  #notRecording(): void {
    // A recording that is stopped in a pause changes nothing for the bot.
    if (this.status !== 'in_call_not_recording') this.#setStatus('in_call_not_recording');
    this.#watch.notRecording();
  }

  #onAttendance(): void {
    const { meeting } = this;
    if (meeting === undefined) return;
    const everJoined = this.#recordings.some(({ othersCame }) => othersCame);
    const seconds = (this.#context.clock.now() - (this.#meetingOriginMs ?? 0)) / 1_000;
    this.#watch.attendance(meeting.presentCount, everJoined, seconds);
  }

  #endCall(subCode: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#timers.cancelAll();
    this.#setStatus('call_ended', subCode);
    const recording = this.#recording;
    this.#recording = undefined;
    const { doneSeconds } = this.#delays;
    if (recording === undefined) this.#timers.after('done', doneSeconds, () => this.#finish());
    else recording.end(doneSeconds, () => this.#finish());
  }

  #finish(): void {
    this.#setStatus('done');
    this.#timeline = undefined;
  }

  /** Told, because the frames that were never due are no drops and would be missed by nobody. */
  #tellEarly(): void {
    if (this.#timeline === undefined || this.#meetingOriginMs === undefined) return;
    const endMs = this.#meetingOriginMs + (this.#timeline.durationSamples * 1_000) / SAMPLE_RATE;
    this.endedEarly ||= tellIfEarly(this.#context, this.record, endMs);
  }

  #fail(subCode: string, message: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#timers.cancelAll();
    const recording = this.#recording;
    this.#recording = undefined;
    this.#setStatus('fatal', subCode, message);
    recording?.end(0);
    this.#timeline = undefined;
  }

  /** What a timer of this bot throws ends this bot and no other. */
  #onError(error: unknown): void {
    const text = tellError(this.#context, this.record, error);
    this.#fail('emulator_error', text);
  }

  #setStatus(code: BotStatus, subCode = '', message = ''): void {
    enterStatus(this.#context, this.record, code, subCode, message);
    const { fatal } = this.#script;
    if (fatal !== undefined && fatal.in === code && !this.#ended) {
      this.#timers.after('fatal', parseDuration(fatal.after ?? 0) ?? 0, () =>
        this.#fail(fatal.sub_code, fatal.message ?? ''),
      );
    }
  }

  #runningRecording(): Recording {
    this.checkInCall();
    if (this.#recording === undefined) throw refused(400, 'not_recording', 'The bot is not recording.');
    return this.#recording;
  }
}
