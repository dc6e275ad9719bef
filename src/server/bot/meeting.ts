/**
 * One recording while it runs: plays the rest of a meeting through a session and takes the live commands (mute, unmute,
 * speak, join, leave, pause, resume). Knows nothing of bots, statuses or HTTP.
 */
import type { AudioSource } from '../../audio/source.ts';
import { type Attendant, type LiveUtterance, quietPlan } from '../../emulator/attendant.ts';
import type { EventMessagesOptions } from '../../emulator/event-messages.ts';
import { MeetingEvents } from '../../emulator/events.ts';
import { StreamLimit } from '../../emulator/stream-limit.ts';
import type { Participant } from '../../protocol/participant.ts';
import { sliceSegments, streamFrom } from '../../scenario/slice.ts';
import type { StreamPlan } from '../../scenario/timeline.ts';
import type { RecordingFiles } from '../store/recording-files.ts';
import { BotVoice, type Voice } from './bot-voice.ts';
import { LiveEvents } from './live-events.ts';
import { MeetingVideo } from './meeting-video.ts';
import { labelOf } from './participant-label.ts';
import { refused, unknownParticipant } from './refusal.ts';

export interface MeetingOptions extends EventMessagesOptions {
  readonly files: RecordingFiles;
  readonly audioSeparate: boolean;
  /** Concurrent separate streams that the platform has. */
  readonly maxStreams: number;
  /** Milliseconds of mixed audio per message; 200 when left out. */
  readonly mixedFrameMs?: number | undefined;
  /** Whether the mix is kept though nobody is sent it. */
  readonly keepsMix: boolean;
  /** The bot's own, where it is recorded. */
  readonly voice?: Voice | undefined;
  /** Something was added to what the recording holds. */
  onChange(): void;
  onWarning(text: string): void;
  /** For the log. */
  onActivity(text: string, data: Readonly<Record<string, unknown>>): void;
  /** Someone came or left. */
  onAttendance(): void;
}

const FLUSH_EVERY_MS = 500;

export class Meeting {
  readonly session: MeetingOptions['session'];
  /** What people do beside coming, speaking and going. */
  readonly live: LiveEvents;
  /** Those who listen in: they get every frame, valid during the call only. */
  readonly listeners = new Set<(participant: number, startSample: number, pcm: Int16Array) => void>();
  /** The bot itself, where it is heard. */
  own: BotVoice | undefined;
  readonly #options: MeetingOptions;
  readonly #cancels = new Set<() => void>();
  readonly #events: MeetingEvents;
  readonly #video: MeetingVideo;
  readonly #limit: StreamLimit;
  #ended = false;

  constructor(options: MeetingOptions) {
    this.#options = options;
    this.session = options.session;
    this.#video = new MeetingVideo(options.session);
    this.#limit = new StreamLimit(options.maxStreams, (index) => this.isUnmuted(index));
    this.#events = new MeetingEvents({
      session: options.session,
      artifacts: options.artifacts,
      mixedFrameMs: options.mixedFrameMs,
      mixed: options.keepsMix,
      sendElsewhere: options.sendElsewhere,
      onParticipantEvent: (event, participant, timestamp, data) => {
        options.onParticipantEvent?.(event, participant, timestamp, data);
        if (event === 'participant_events.chat_message' || event === 'participant_events.update')
          options.onActivity(`${labelOf(participant)}: ${event.slice('participant_events.'.length)}`, {
            participant_id: participant.id,
          });
      },
      providerData: options.providerData,
      onTranscript: options.onTranscript,
      onMixed: (pcm) => options.files.appendMixed(pcm),
      onScriptedLeave: (index, sample) => this.#onScriptedLeave(index, sample),
      onAttendance: (index, present, sample) => this.#onAttendance(index, present, sample),
      onWarning: options.onWarning,
    });
    this.live = new LiveEvents(options.session, this.#events, this.#video);
  }

  get paused(): boolean {
    return this.#events.paused;
  }

  /** How many are in the meeting beside the bot. */
  get presentCount(): number {
    return this.#events.attendants.filter(({ present }, index) => present && index !== this.own?.index)
      .length;
  }

  /** Seconds since somebody was heard last; 0 while somebody speaks. */
  get silentSeconds(): number {
    return this.#events.speech.silentSeconds;
  }

  get leftOutOfMixSeconds(): number {
    return this.#events.leftOutOfMixSeconds;
  }

  start(): void {
    const { session } = this;
    session.begin();
    this.#events.start();
    for (const plan of session.timeline.streams) session.add(plan);
    this.#video.start(0);
    this.#flushRegularly();
    if (this.#options.voice !== undefined) this.own = new BotVoice(this, this.#options.voice);
  }

  /** Whether a participant's stream, which begins now, is one of as many as the platform streams at a time. */
  admits(participant: number): boolean {
    if (this.#limit.admits(participant)) return true;
    this.#log(
      participant,
      `is not streamed: the platform streams ${this.#options.maxStreams} participants at a time`,
      'beyond_limit',
    );
    return false;
  }

  /** Every frame of every stream. */
  onFrame(participant: number, startSample: number, pcm: Int16Array): void {
    const { audioSeparate, files, onChange } = this.#options;
    if (audioSeparate && !this.#limit.isBeyond(participant)) {
      if (files.append(this.session.participants[participant]!, startSample, pcm)) onChange();
    }
    this.#events.onFrame(startSample, pcm);
    for (const listen of this.listeners) listen(participant, startSample, pcm);
  }

  pause(): void {
    this.#checkRunning();
    if (this.paused) throw refused(400, 'already_paused', 'The recording is paused already.');
    const sample = this.session.nowSample;
    this.#events.pause(sample);
    this.#limit.clear();
    this.session.pause(() => this.#events.mixUntil(sample));
    this.#options.files.flush();
  }

  resume(): void {
    this.#checkRunning();
    if (!this.paused) throw refused(400, 'not_paused', 'The recording is not paused.');
    // The last frames before the pause may still be on their way: the session passes them first.
    this.session.resume();
    const sample = this.session.nowSample;
    this.#events.resume(sample);
    for (const { plans } of this.#events.attendants) {
      for (const plan of plans) {
        const rest = streamFrom(plan, sample);
        if (rest !== undefined) this.session.add(rest);
      }
    }
    this.#video.start(sample);
  }

  /** The rest of what they send now falls away; what the scenario has for later does not. */
  mute(index: number): void {
    const attendant = this.presentAttendant(index);
    const sample = this.session.nowSample;
    const running = attendant.planAt(sample);
    if (running === undefined) throw refused(409, 'already_muted', `${this.#name(index)} is muted already.`);
    this.#events.speech.silence(index, sample);
    this.#closeMicrophone(index, sample, running);
    this.#log(index, 'is muted', 'mute');
  }

  /**
   * What the scenario lets them send at this moment, else near-silence until it lets them send something again. Who was muted
   * while speaking on command is heard with the rest of it.
   */
  unmute(index: number): void {
    const attendant = this.presentAttendant(index);
    const sample = this.session.nowSample;
    if (attendant.planAt(sample) !== undefined)
      throw refused(409, 'already_unmuted', `${this.#name(index)} is unmuted already.`);
    const { timeline } = this.session;
    const scripted = attendant.script.find((plan) => plan.startSample <= sample && plan.endSample > sample);
    const next = attendant.plans.find((plan) => plan.startSample > sample);
    const endSample = Math.max(sample, next?.startSample ?? timeline.durationSamples);
    if (scripted === undefined && endSample === sample)
      throw refused(409, 'meeting_over', 'The meeting is over.');
    const plan = attendant.withSaid(
      scripted === undefined ? quietPlan(index, sample, endSample) : streamFrom(scripted, sample)!,
    );
    attendant.plans = [...attendant.plans, plan].sort((a, b) => a.startSample - b.startSample);
    if (!this.paused) {
      this.session.add(plan);
      this.#events.speech.hear(index, sample);
    }
    this.#log(index, 'is unmuted', 'unmute');
  }

  /** Says something now, instead of what the microphone would send. Returns the positions from which and to which. */
  speak(
    index: number,
    source: AudioSource,
    text: string | undefined,
  ): { startSample: number; endSample: number } {
    const attendant = this.presentAttendant(index);
    if (this.paused) throw refused(409, 'paused', 'The recording is paused.');
    const sample = this.session.nowSample;
    const until = this.session.runningUntil(index, sample);
    const plan = attendant.planAt(sample);
    if (until === undefined || plan === undefined)
      throw refused(409, 'muted', `${this.#name(index)} is muted: unmute them first.`);
    const utterances = this.session.timeline.utterances.filter(({ participant }) => participant === index);
    if (attendant.scripted || attendant.said.length > 0)
      throw refused(409, 'speaking', `${this.#name(index)} is speaking.`);
    if (utterances.some((each) => each.startSample < sample + source.samples && each.endSample > sample))
      throw refused(409, 'speaking', `${this.#name(index)} speaks at that time by the scenario.`);
    // Frames that have been passed stay as they were: it begins behind them, and ends before the scenario's next words.
    const next = utterances.find(({ startSample }) => startSample > sample)?.startSample ?? until;
    let endSample = sample;
    const startSample = this.session.replaceFrom(index, sample, (from) => {
      endSample = Math.max(from, Math.min(from + source.samples, until, next));
      return [
        ...(endSample > from ? [{ startSample: from, endSample, kind: 'speech' as const, source }] : []),
        ...sliceSegments(plan.segments, endSample, until),
      ];
    })!;
    if (endSample > startSample) {
      const utterance: LiveUtterance = { participant: index, startSample, endSample, text, source };
      this.#events.speech.sayLive(utterance);
      attendant.plans[attendant.plans.indexOf(plan)] = attendant.withSaid(plan);
    }
    return { startSample, endSample };
  }

  /** Someone the scenario does not know, or who is not there. Muted; what the scenario has for later holds. */
  join(participant: Participant): void {
    this.#checkRunning();
    let index = this.session.participants.findIndex(({ id }) => id === participant.id);
    if (index !== -1 && this.#events.attendants[index]!.present)
      throw refused(409, 'already_joined', `Participant ${participant.id} is in the meeting already.`);
    if (index === -1) {
      index = this.session.addParticipant(participant);
      this.#events.add();
    } else this.session.changeParticipant(index, participant);
    this.#events.attend(index, this.session.nowSample, true);
  }

  leave(index: number): void {
    const attendant = this.presentAttendant(index);
    const sample = this.session.nowSample;
    this.#events.speech.silence(index, sample);
    this.session.cut(index, sample);
    this.#video.leave(index, sample);
    attendant.plans = [];
    attendant.said.length = 0;
    attendant.sentAway = true;
    this.#events.attend(index, sample, false);
  }

  /** The index of a participant by the meeting's id. Throws a `Refusal` (`unknown_participant`). */
  indexOf(participantId: number): number {
    const { participants } = this.session;
    const index = participants.findIndex(({ id }) => id === participantId);
    if (index !== -1) return index;
    throw unknownParticipant(participantId, participants);
  }

  /** Whether somebody's microphone is open, the recording paused or not. */
  isUnmuted(index: number): boolean {
    return this.#events.attendants[index]!.planAt(this.session.nowSample) !== undefined;
  }

  isPresent(index: number): boolean {
    return this.#events.attendants[index]!.present;
  }

  /**
   * The recording is over. `onComplete` is called when its content is complete, which is at once or as soon as the last
   * frames have been passed; the promise resolves when the last connection has closed.
   */
  end(onComplete: () => void): Promise<void> {
    // A wake that comes late does not make the meeting longer.
    const sample = Math.min(this.session.nowSample, this.session.timeline.durationSamples);
    this.#events.end(sample);
    this.#ended = true;
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
    return this.session.end(() => {
      this.#events.mixUntil(sample);
      this.#events.tellLeftOut();
      this.#options.files.close();
      this.#options.onChange();
      onComplete();
    });
  }

  /** Their streams of the scenario end here by themselves; what was opened on command does not. */
  #onScriptedLeave(index: number, sample: number): void {
    const { plans } = this.#events.attendants[index]!;
    const running = plans.find((plan) => plan.startSample < sample && plan.endSample > sample);
    if (running !== undefined) this.#closeMicrophone(index, sample, running);
  }

  #onAttendance(index: number, present: boolean, sample: number): void {
    if (present) this.#video.join(index, sample, this.paused);
    this.#log(index, present ? 'joined' : 'left', present ? 'join' : 'leave');
    this.#options.onAttendance();
  }

  #closeMicrophone(index: number, sample: number, running: StreamPlan): void {
    const attendant = this.#events.attendants[index]!;
    attendant.plans = attendant.plans.filter((plan) => plan !== running && plan.endSample > sample);
    this.session.cut(index, sample);
    if (!this.paused) for (const plan of attendant.plans) this.session.add(plan);
  }

  /** What was said before a mute is on disk soon, also when nothing more is said. */
  #flushRegularly(): void {
    const { tasks } = this.session;
    const cancel = tasks.add(this.session.timeOfSample(0) + FLUSH_EVERY_MS, {
      run: (dueMs) => {
        if (this.#ended) return undefined;
        this.#options.files.flush();
        return dueMs + FLUSH_EVERY_MS;
      },
    });
    this.#cancels.add(cancel);
  }

  #checkRunning(): void {
    if (this.#ended) throw refused(409, 'meeting_over', 'The recording is over.');
  }

  /** Throws a `Refusal` for somebody who is not in the meeting now. */
  presentAttendant(index: number): Attendant {
    this.#checkRunning();
    const attendant = this.#events.attendants[index]!;
    if (!attendant.present) throw refused(409, 'absent', `${this.#name(index)} is not in the meeting.`);
    return attendant;
  }

  #log(index: number, what: string, action: string): void {
    const { id } = this.session.participants[index]!;
    this.#options.onActivity(`${this.#name(index)} ${what}`, { participant_id: id, action });
  }

  #name(index: number): string {
    return labelOf(this.session.participants[index]!);
  }
}
