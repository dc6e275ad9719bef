/**
 * One bot while it lives: from the moment it is made through the call to `done` or `fatal`. Decides statuses and when
 * recordings begin and end, and tells of each by webhook. The recordings themselves are `RecordingRun`'s.
 */

import type { Account } from '../emulator/ledger.ts';
import { UsageError } from '../errors.ts';
import { SAMPLE_RATE } from '../protocol/pcm.ts';
import { parseDuration } from '../scenario/duration.ts';
import type { Scenario, ScenarioBot } from '../scenario/schema.ts';
import { timelineFrom } from '../scenario/slice.ts';
import type { Timeline } from '../scenario/timeline.ts';
import type { BotContext } from './context.ts';
import type { BotDelays } from './delays.ts';
import { RecordingLife } from './recording-life.ts';
import type { RecordingRun } from './recording-run.ts';
import {
  type BotRecord,
  type BotState,
  type BotStatus,
  eventMetadata,
  hasEnded,
  statusOf,
} from './records.ts';
import type { AutomaticLeave } from './requests.ts';
import type { ChosenMeeting } from './scenarios.ts';

/** A command that comes at the wrong time: a 400 with Recall's code for it ("Errors"). */
export class BotCommandError extends UsageError {
  override readonly name: string = 'BotCommandError';
}

/** Documented defaults of `automatic_leave`, in seconds. */
const LEAVE_DEFAULTS = {
  waitingRoom: 1_200,
  nooneJoined: 1_200,
  everyoneLeft: 2,
  notRecording: 3_600,
  permissionDenied: 30,
  silence: 3_600,
  silenceActivateAfter: 1_200,
};

export class BotRun {
  readonly state: BotState;
  readonly #context: BotContext;
  readonly #timeline: Timeline;
  readonly #script: ScenarioBot;
  readonly #delays: BotDelays;
  readonly #timers = new Map<string, () => void>();
  #recording: RecordingLife | undefined;
  readonly #recordings: RecordingLife[] = [];
  /** Clock time at which the scenario's time began: with the first recording. */
  #meetingOriginMs: number | undefined;
  #ended = false;

  constructor(context: BotContext, state: BotState, meeting: ChosenMeeting) {
    this.#context = context;
    this.state = state;
    this.#timeline = meeting.timeline;
    this.#script = meeting.bot;
    this.#delays = delaysOf(context.delays, meeting.bot.delays);
  }

  get bot(): BotRecord {
    return this.state.bot;
  }

  get status(): BotStatus {
    return statusOf(this.bot);
  }

  get dispatched(): boolean {
    return this.status !== 'ready';
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** The recording that runs or is paused. */
  get run(): RecordingRun | undefined {
    return this.#recording?.run;
  }

  /** All frames and events of all recordings so far. */
  accounts(): readonly Account[] {
    return this.#recordings.flatMap(({ run }) => run.session.ledger.accounts);
  }

  recordings(): readonly RecordingLife[] {
    return this.#recordings;
  }

  /** Joins now, or at `join_at` when that is to come. */
  schedule(): void {
    const { clock, calendar } = this.#context;
    const { join_at } = this.bot.request;
    this.#cancel('join_at');
    const joinMs = join_at == null ? 0 : calendar.clockMsOf(Date.parse(join_at));
    if (joinMs <= clock.now()) {
      this.#join();
      return;
    }
    if (this.bot.statusChanges.length === 0) this.#setStatus('ready');
    this.#after('join_at', (joinMs - clock.now()) / 1_000, () => this.#join());
  }

  /** Ends the call: the bot has been told to leave. */
  leave(): void {
    this.#checkInCall();
    this.#endCall('bot_received_leave_call');
  }

  startRecording(): void {
    this.#checkInCall();
    if (this.#recording !== undefined)
      throw new BotCommandError('recording_already_started', 'The bot is recording already.');
    if (this.status === 'recording_permission_allowed')
      throw new BotCommandError('recording_already_started', 'The bot is about to record.');
    if (this.status !== 'in_call_not_recording') {
      throw new BotCommandError(
        'cannot_start_recording',
        `The bot cannot record while it is ${this.status}.`,
      );
    }
    this.#cancel('recording');
    this.#askPermission();
  }

  stopRecording(): void {
    const recording = this.#runningRecording();
    this.#recording = undefined;
    this.#cancelRecordingTimers();
    recording.end(this.#delays.doneSeconds);
    this.#notRecording();
  }

  pauseRecording(): void {
    this.#runningRecording().pause();
    this.#notRecording();
  }

  resumeRecording(): void {
    this.#runningRecording().resume();
    this.#cancel('not_recording');
    this.#setStatus('in_call_recording');
  }

  /** A command that does something in the call only. */
  checkCommand(): void {
    this.#checkInCall();
  }

  /** The process ends: everything stops at once. Resolves when the connections have closed. */
  async close(): Promise<void> {
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
    await Promise.all(this.#recordings.map((recording) => recording.abort()));
  }

  /** Leaves in order, and resolves when the connections have closed. For Ctrl-C. */
  async hangUp(): Promise<void> {
    if (this.dispatched && !this.#ended) this.#endCall('bot_received_leave_call');
    await Promise.all(this.#recordings.map((recording) => recording.finished()));
    if (this.status === 'call_ended') {
      this.#cancel('done');
      this.#setStatus('done');
    }
  }

  /** Forgets a bot that was not dispatched. */
  cancel(): void {
    this.#ended = true;
    this.#cancel('join_at');
  }

  #join(): void {
    const { automatic_leave } = this.bot.request;
    const { joiningSeconds, waitingRoomSeconds } = this.#delays;
    this.#setStatus('joining_call');
    this.#after('step', joiningSeconds, () => {
      this.#setStatus('in_waiting_room');
      const timeout = automatic_leave?.waiting_room_timeout ?? LEAVE_DEFAULTS.waitingRoom;
      if (timeout < waitingRoomSeconds) {
        this.#after('step', timeout, () => this.#endCall('timeout_exceeded_waiting_room'));
        return;
      }
      this.#after('step', waitingRoomSeconds, () => this.#enterCall());
    });
  }

  #enterCall(): void {
    const { request } = this.bot;
    this.#notRecording();
    const onJoin = request.chat?.on_bot_join;
    if (onJoin !== undefined)
      this.#context.activity.add('bot', `chat to ${onJoin.send_to}: ${onJoin.message}`, {
        botId: this.bot.id,
      });
    if (request.recording_config?.start_recording_on === 'manual') return;
    this.#after('recording', this.#delays.notRecordingSeconds, () => this.#askPermission());
  }

  #askPermission(): void {
    if (this.#script.recording_permission === 'denied') {
      const zoom = this.bot.meetingUrl.platform === 'zoom';
      this.#setStatus(
        'recording_permission_denied',
        zoom ? 'zoom_local_recording_request_denied_by_host' : '',
      );
      const timeout =
        this.#leaveConfig.recording_permission_denied_timeout ?? LEAVE_DEFAULTS.permissionDenied;
      this.#after('not_recording', timeout, () =>
        this.#endCall('timeout_exceeded_recording_permission_denied'),
      );
      return;
    }
    this.#setStatus('recording_permission_allowed');
    this.#after('recording', this.#delays.permissionSeconds, () => this.#record());
  }

  #record(): void {
    const { clock } = this.#context;
    this.#cancel('not_recording');
    this.#setStatus('in_call_recording');
    const first = this.#meetingOriginMs === undefined;
    this.#meetingOriginMs ??= clock.now();
    const elapsed = Math.round(((clock.now() - this.#meetingOriginMs) * SAMPLE_RATE) / 1_000);
    const timeline = first ? this.#timeline : timelineFrom(this.#timeline, elapsed);
    const recording = new RecordingLife(this.#context, this.state, timeline, this.#recordings.length, {
      onAttendance: () => this.#onAttendance(),
    });
    this.#recording = recording;
    this.#recordings.push(recording);
    recording.start();
    if (first) {
      const seconds = this.#timeline.durationSamples / SAMPLE_RATE;
      this.#after('meeting', seconds, () =>
        this.#endCall(this.#script.call_ended_sub_code ?? 'call_ended_by_host'),
      );
    }
    const maximum = this.#leaveConfig.in_call_recording_timeout;
    if (maximum !== undefined)
      this.#after('in_call_recording', maximum, () => this.#endCall('timeout_exceeded_in_call_recording'));
    this.#watchSilence();
    this.#onAttendance();
  }

  #notRecording(): void {
    // A recording that is stopped in a pause changes nothing for the bot.
    if (this.status !== 'in_call_not_recording') this.#setStatus('in_call_not_recording');
    const timeout = this.#leaveConfig.in_call_not_recording_timeout ?? LEAVE_DEFAULTS.notRecording;
    this.#after('not_recording', timeout, () => this.#endCall('timeout_exceeded_in_call_not_recording'));
  }

  get #leaveConfig(): AutomaticLeave {
    return this.bot.request.automatic_leave ?? {};
  }

  /** `noone_joined_timeout` until somebody is there, `everyone_left_timeout` once nobody is any more. */
  #onAttendance(): void {
    const { run } = this;
    if (run === undefined) return;
    this.#cancel('attendance');
    if (run.presentCount > 0) return;
    const everJoined = this.#recordings.some(({ record }) => record.content.participants.length > 0);
    const { noone_joined_timeout, everyone_left_timeout } = this.#leaveConfig;
    if (!everJoined) {
      this.#after('attendance', noone_joined_timeout ?? LEAVE_DEFAULTS.nooneJoined, () =>
        this.#endCall('timeout_exceeded_noone_joined'),
      );
      return;
    }
    const inMeeting = (this.#context.clock.now() - (this.#meetingOriginMs ?? 0)) / 1_000;
    const notBefore = (everyone_left_timeout?.activate_after ?? 0) - inMeeting;
    const timeout = everyone_left_timeout?.timeout ?? LEAVE_DEFAULTS.everyoneLeft;
    this.#after('attendance', Math.max(timeout, notBefore), () =>
      this.#endCall('timeout_exceeded_everyone_left'),
    );
  }

  #watchSilence(): void {
    const { timeout = LEAVE_DEFAULTS.silence, activate_after = LEAVE_DEFAULTS.silenceActivateAfter } =
      this.#leaveConfig.silence_detection ?? {};
    const check = (): void => {
      const silent = this.run?.silentSeconds ?? 0;
      if (silent >= timeout) this.#endCall('timeout_exceeded_silence_detected');
      else this.#after('silence', timeout - silent, check);
    };
    this.#after('silence', activate_after, check);
  }

  #endCall(subCode: string): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
    this.#setStatus('call_ended', subCode);
    const recording = this.#recording;
    this.#recording = undefined;
    const { doneSeconds } = this.#delays;
    if (recording === undefined) this.#after('done', doneSeconds, () => this.#setStatus('done'));
    else recording.end(doneSeconds, () => this.#setStatus('done'));
  }

  #fail(subCode: string, message: string): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
    const recording = this.#recording;
    this.#recording = undefined;
    this.#setStatus('fatal', subCode, message);
    recording?.end(0);
  }

  #setStatus(code: BotStatus, subCode = '', message = ''): void {
    const { calendar, store, webhooks, activity } = this.#context;
    const { bot } = this;
    bot.statusChanges.push({ code, message, created_at: calendar.now(), sub_code: subCode });
    activity.add('bot', subCode === '' ? code : `${code} (${subCode})`, {
      botId: bot.id,
      data: { code, sub_code: subCode },
    });
    store.changed(bot.id);
    // There is no webhook for a bot that waits for its time.
    if (code !== 'ready') {
      webhooks.status(bot.id, {
        event: `bot.${code}`,
        data: {
          data: {
            code,
            sub_code: subCode === '' && code !== 'fatal' ? null : subCode,
            updated_at: calendar.nowInEvents(),
          },
          bot: { id: bot.id, metadata: eventMetadata(bot.request.metadata) },
        },
      });
    }
    const { fatal } = this.#script;
    if (fatal !== undefined && fatal.in === code && !this.#ended) {
      this.#after('fatal', secondsOf(fatal.after) ?? 0, () =>
        this.#fail(fatal.sub_code, fatal.message ?? ''),
      );
    }
  }

  #runningRecording(): RecordingLife {
    this.#checkInCall();
    if (this.#recording === undefined)
      throw new BotCommandError('not_recording', 'The bot is not recording.');
    return this.#recording;
  }

  #checkInCall(): void {
    if (!this.dispatched)
      throw new BotCommandError(
        'cannot_command_unstarted_bot',
        'Cannot send a command to a bot which has not been started.',
      );
    if (this.#ended || hasEnded(this.bot))
      throw new BotCommandError(
        'cannot_command_completed_bot',
        'Cannot send a command to a bot which has completed.',
      );
  }

  #cancelRecordingTimers(): void {
    for (const name of ['in_call_recording', 'silence', 'attendance']) this.#cancel(name);
  }

  /** One timer of each name at a time. */
  #after(name: string, seconds: number, callback: () => void): void {
    const { clock, pacer } = this.#context;
    this.#cancel(name);
    this.#timers.set(
      name,
      pacer.at(clock.now() + seconds * 1_000, () => {
        this.#timers.delete(name);
        callback();
      }),
    );
  }

  #cancel(name: string): void {
    this.#timers.get(name)?.();
    this.#timers.delete(name);
  }
}

function secondsOf(time: string | number | undefined): number | undefined {
  return time === undefined ? undefined : parseDuration(time);
}

function delaysOf(defaults: BotDelays, script: NonNullable<Scenario['bot']>['delays']): BotDelays {
  return {
    joiningSeconds: secondsOf(script?.joining_call) ?? defaults.joiningSeconds,
    waitingRoomSeconds: secondsOf(script?.in_waiting_room) ?? defaults.waitingRoomSeconds,
    notRecordingSeconds: secondsOf(script?.in_call_not_recording) ?? defaults.notRecordingSeconds,
    permissionSeconds: secondsOf(script?.recording_permission) ?? defaults.permissionSeconds,
    doneSeconds: secondsOf(script?.done) ?? defaults.doneSeconds,
  };
}
