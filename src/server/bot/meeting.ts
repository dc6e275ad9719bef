/**
 * One recording while it runs: plays the rest of a meeting through a session and takes the live commands (mute, unmute,
 * speak, join, leave, pause, resume). Knows nothing of bots, statuses or HTTP.
 */
import { loopSource, noiseFloor } from '../../audio/signals.ts';
import type { AudioSource } from '../../audio/source.ts';
import { Attendant, type LiveUtterance } from '../../emulator/attendant.ts';
import { EventMessages, type EventMessagesOptions } from '../../emulator/event-messages.ts';
import { DEFAULT_MIXED_FRAME_MS, MixedAudio } from '../../emulator/mix.ts';
import { Speech } from '../../emulator/speech.ts';
import { StreamLimit } from '../../emulator/stream-limit.ts';
import type { Participant } from '../../protocol/participant.ts';
import type { ParticipantEventName } from '../../protocol/participant-events.ts';
import { SAMPLE_RATE } from '../../protocol/pcm.ts';
import { sliceSegments, streamFrom } from '../../scenario/slice.ts';
import type { StreamPlan, TimelineEvent } from '../../scenario/timeline.ts';
import type { RecordingFiles } from '../store/recording-files.ts';
import { refused } from './refusal.ts';

export interface MeetingOptions extends EventMessagesOptions {
  readonly files: RecordingFiles;
  readonly audioSeparate: boolean;
  /** Concurrent separate streams that the platform has. */
  readonly maxStreams: number;
  /** Milliseconds of mixed audio per message; 200 when left out. */
  readonly mixedFrameMs?: number | undefined;
  /** Something was added to what the recording holds. */
  onChange(): void;
  onWarning(text: string): void;
  /** For the log. */
  onActivity(text: string, data: Readonly<Record<string, unknown>>): void;
  /** Someone came or left. */
  onAttendance(): void;
}

const FLUSH_EVERY_MS = 500;

/** Ids named in an error. */
const MAX_NAMED = 20;

export class Meeting {
  readonly session: MeetingOptions['session'];
  readonly #options: MeetingOptions;
  readonly #attendants: Attendant[];
  readonly #cancels = new Set<() => void>();
  readonly #events: EventMessages;
  readonly #speech: Speech;
  readonly #mix: MixedAudio | undefined;
  readonly #limit: StreamLimit;
  #paused = false;
  #ended = false;

  constructor(options: MeetingOptions) {
    this.#options = options;
    this.session = options.session;
    const { session } = this;
    const scripts = session.timeline.participants.map((): StreamPlan[] => []);
    for (const plan of session.timeline.streams) scripts[plan.participant]!.push(plan);
    this.#attendants = scripts.map((script) => new Attendant(script));
    this.#events = new EventMessages(options);
    this.#speech = new Speech(session, this.#attendants, this.#events);
    this.#limit = new StreamLimit(options.maxStreams, (index) => this.isUnmuted(index));
    if (options.artifacts.audio_mixed !== undefined) {
      this.#mix = new MixedAudio({
        session,
        frameMs: options.mixedFrameMs ?? DEFAULT_MIXED_FRAME_MS,
        onChunk: (startSample, pcm) => {
          options.files.appendMixed(pcm);
          this.#events.mixedAudio(startSample, pcm);
        },
      });
    }
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** How many are in the meeting. */
  get presentCount(): number {
    return this.#attendants.filter(({ present }) => present).length;
  }

  /** Seconds since somebody was heard last; 0 while somebody speaks. */
  get silentSeconds(): number {
    return this.#speech.silentSeconds;
  }

  /** Seconds of audio that are missing in the mix, because they came too late for it. */
  get leftOutOfMixSeconds(): number {
    return (this.#mix?.leftOutSamples ?? 0) / SAMPLE_RATE;
  }

  start(): void {
    const { session } = this;
    const { timeline } = session;
    session.begin();
    this.#walk(
      timeline.events,
      ({ sample }) => sample,
      (event) => this.#onTimelineEvent(event),
    );
    this.#walk(
      timeline.utterances,
      ({ startSample }) => startSample,
      (utterance) => this.#speech.say(utterance),
    );
    for (const plan of timeline.streams) session.add(plan);
    this.#mix?.start();
    this.#flushRegularly();
  }

  /** Whether a participant's stream, which begins now, is one of as many as the platform streams at a time. */
  admits(participant: number): boolean {
    if (this.#limit.admits(participant)) return true;
    this.#options.onActivity(
      `${this.#name(participant)} is not streamed: the platform streams ${this.#options.maxStreams} participants at a time`,
      { participant_id: this.#id(participant), action: 'beyond_limit' },
    );
    return false;
  }

  /** Every frame of every stream. */
  onFrame(participant: number, startSample: number, pcm: Int16Array): void {
    const { audioSeparate, files, onChange } = this.#options;
    if (audioSeparate && !this.#limit.isBeyond(participant)) {
      if (files.append(this.session.participants[participant]!, startSample, pcm)) onChange();
    }
    this.#mix?.add(startSample, pcm);
  }

  pause(): void {
    this.#checkRunning();
    if (this.#paused) throw refused(400, 'already_paused', 'The recording is paused already.');
    const sample = this.session.nowSample;
    this.#speech.pause(sample);
    this.#paused = true;
    this.#limit.clear();
    this.#mix?.pause(sample);
    this.session.pause(() => this.#mix?.mixUntil(sample));
    this.#options.files.flush();
  }

  resume(): void {
    this.#checkRunning();
    if (!this.#paused) throw refused(400, 'not_paused', 'The recording is not paused.');
    // The last frames before the pause may still be on their way: the session passes them first.
    this.session.resume();
    const sample = this.session.nowSample;
    this.#paused = false;
    this.#speech.resume();
    this.#mix?.resume(sample);
    for (const [index, attendant] of this.#attendants.entries()) {
      // Who came, went or changed in the pause is told now.
      if (attendant.present !== attendant.announced) this.#announce(index, sample);
      else if (attendant.present && attendant.changedUntold)
        this.#tell('participant_events.update', index, sample);
      attendant.changedUntold = false;
      for (const plan of attendant.plans) {
        const rest = streamFrom(plan, sample);
        if (rest !== undefined) this.session.add(rest);
      }
      this.#speech.hear(index, sample);
    }
  }

  /** The rest of what they send now falls away; what the scenario has for later does not. */
  mute(index: number): void {
    const attendant = this.#presentAttendant(index);
    const sample = this.session.nowSample;
    const running = attendant.planAt(sample);
    if (running === undefined) throw refused(409, 'already_muted', `${this.#name(index)} is muted already.`);
    this.#speech.silence(index, sample);
    this.#closeMicrophone(index, sample, running);
    this.#options.onActivity(`${this.#name(index)} is muted`, {
      participant_id: this.#id(index),
      action: 'mute',
    });
  }

  /**
   * What the scenario lets them send at this moment, else near-silence until it lets them send something again. Who was muted
   * while speaking on command is heard with the rest of it.
   */
  unmute(index: number): void {
    const attendant = this.#presentAttendant(index);
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
      scripted === undefined ? this.#quiet(index, sample, endSample) : streamFrom(scripted, sample)!,
    );
    attendant.plans = [...attendant.plans, plan].sort((a, b) => a.startSample - b.startSample);
    if (!this.#paused) {
      this.session.add(plan);
      this.#speech.hear(index, sample);
    }
    this.#options.onActivity(`${this.#name(index)} is unmuted`, {
      participant_id: this.#id(index),
      action: 'unmute',
    });
  }

  /** Says something now, instead of what the microphone would send. Returns the positions from which and to which. */
  speak(
    index: number,
    source: AudioSource,
    text: string | undefined,
  ): { startSample: number; endSample: number } {
    const attendant = this.#presentAttendant(index);
    if (this.#paused) throw refused(409, 'paused', 'The recording is paused.');
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
      this.#speech.sayLive(utterance);
      attendant.plans[attendant.plans.indexOf(plan)] = attendant.withSaid(plan);
    }
    return { startSample, endSample };
  }

  /** Someone the scenario does not know, or who is not there. Muted; what the scenario has for later holds. */
  join(participant: Participant): void {
    this.#checkRunning();
    let index = this.session.participants.findIndex(({ id }) => id === participant.id);
    if (index !== -1 && this.#attendants[index]!.present)
      throw refused(409, 'already_joined', `Participant ${participant.id} is in the meeting already.`);
    if (index === -1) {
      index = this.session.addParticipant(participant);
      this.#attendants.push(new Attendant([]));
    } else this.session.changeParticipant(index, participant);
    this.#attendance(index, this.session.nowSample, true);
  }

  leave(index: number): void {
    const attendant = this.#presentAttendant(index);
    const sample = this.session.nowSample;
    this.#speech.silence(index, sample);
    this.session.cut(index, sample);
    attendant.plans = [];
    attendant.said.length = 0;
    attendant.sentAway = true;
    this.#attendance(index, sample, false);
  }

  /** The index of a participant by the meeting's id. Throws a `Refusal` (`unknown_participant`). */
  indexOf(participantId: number): number {
    const { participants } = this.session;
    const index = participants.findIndex(({ id }) => id === participantId);
    if (index !== -1) return index;
    const known = participants.slice(0, MAX_NAMED).map(({ id }) => id);
    const more = participants.length > MAX_NAMED ? ` and ${participants.length - MAX_NAMED} more` : '';
    throw refused(
      404,
      'unknown_participant',
      `There is no participant ${participantId}. The participants are ${known.join(', ')}${more}.`,
    );
  }

  /** Whether somebody's microphone is open, the recording paused or not. */
  isUnmuted(index: number): boolean {
    return this.#attendants[index]!.planAt(this.session.nowSample) !== undefined;
  }

  isPresent(index: number): boolean {
    return this.#attendants[index]!.present;
  }

  /**
   * The recording is over. `onComplete` is called when its content is complete, which is at once or as soon as the last
   * frames have been passed; the promise resolves when the last connection has closed.
   */
  end(onComplete: () => void): Promise<void> {
    // A wake that comes late does not make the meeting longer.
    const sample = Math.min(this.session.nowSample, this.session.timeline.durationSamples);
    this.#speech.end(sample);
    this.#ended = true;
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
    this.#mix?.stop();
    return this.session.end(() => {
      this.#mix?.mixUntil(sample);
      this.#tellLeftOut();
      this.#options.files.close();
      this.#options.onChange();
      onComplete();
    });
  }

  #onTimelineEvent(event: TimelineEvent): void {
    const { participant, snapshot, sample } = event;
    const attendant = this.#attendants[participant]!;
    switch (event.event) {
      case 'participant_events.join':
        if (!attendant.present) this.#attendance(participant, sample, true, snapshot);
        break;
      case 'participant_events.leave':
        if (attendant.present) this.#leaveByScenario(participant, sample);
        break;
      case 'participant_events.speech_on':
      case 'participant_events.speech_off':
        this.#speech.scripted(participant, sample, event.event === 'participant_events.speech_on');
        break;
      default:
        if (!attendant.present) break;
        if (event.event === 'participant_events.update') {
          this.session.changeParticipant(participant, snapshot);
          if (this.#paused) attendant.changedUntold = true;
        }
        this.#tell(event.event, participant, sample, snapshot, event.data);
    }
  }

  /** Their streams of the scenario end here by themselves; what was opened on command does not. */
  #leaveByScenario(index: number, sample: number): void {
    const attendant = this.#attendants[index]!;
    this.#speech.silence(index, sample);
    attendant.said.length = 0;
    const running = attendant.plans.find((plan) => plan.startSample < sample && plan.endSample > sample);
    if (running !== undefined) this.#closeMicrophone(index, sample, running);
    this.#attendance(index, sample, false);
  }

  #attendance(index: number, sample: number, present: boolean, snapshot?: Participant): void {
    const attendant = this.#attendants[index]!;
    attendant.present = present;
    if (present && attendant.sentAway) {
      attendant.sentAway = false;
      attendant.plans = attendant.script.filter(({ startSample }) => startSample >= sample);
      if (!this.#paused) for (const plan of attendant.plans) this.session.add(plan);
    }
    if (!this.#paused) this.#announce(index, sample, snapshot);
    this.#options.onActivity(`${this.#name(index)} ${present ? 'joined' : 'left'}`, {
      participant_id: this.#id(index),
      action: present ? 'join' : 'leave',
    });
    this.#options.onAttendance();
  }

  #announce(index: number, sample: number, snapshot?: Participant): void {
    const attendant = this.#attendants[index]!;
    attendant.announced = attendant.present;
    if (!attendant.present) this.#tell('participant_events.leave', index, sample);
    else if (snapshot !== undefined) this.#tell('participant_events.join', index, sample, snapshot);
    else {
      // Emails do not come with the join, but with an update after it ("Participant Events", 2026).
      const { email, ...withoutEmail } = this.session.participants[index]!;
      this.#tell('participant_events.join', index, sample, withoutEmail);
      if (email != null) this.#tell('participant_events.update', index, sample);
    }
  }

  #closeMicrophone(index: number, sample: number, running: StreamPlan): void {
    const attendant = this.#attendants[index]!;
    attendant.plans = attendant.plans.filter((plan) => plan !== running && plan.endSample > sample);
    this.session.cut(index, sample);
    if (!this.#paused) for (const plan of attendant.plans) this.session.add(plan);
  }

  #tell(
    event: ParticipantEventName,
    index: number,
    sample: number,
    participant: Participant = this.session.participants[index]!,
    data: TimelineEvent['data'] = null,
  ): void {
    if (this.#paused) return;
    this.#events.participant(event, participant, sample, data);
    if (event === 'participant_events.chat_message' || event === 'participant_events.update')
      this.#options.onActivity(`${this.#name(index)}: ${event.slice('participant_events.'.length)}`, {
        participant_id: participant.id,
      });
  }

  #tellLeftOut(): void {
    const seconds = this.leftOutOfMixSeconds;
    if (seconds === 0) return;
    this.#options.onWarning(
      `${seconds.toFixed(2)} s of audio came too late for the mix and are missing in it: this machine did not keep up`,
    );
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

  #quiet(index: number, startSample: number, endSample: number): StreamPlan {
    const source = loopSource(noiseFloor(index + 1), endSample - startSample);
    return {
      participant: index,
      startSample,
      endSample,
      segments: [{ startSample, endSample, kind: 'silence', source }],
      framing: 'by_duration',
    };
  }

  #checkRunning(): void {
    if (this.#ended) throw refused(409, 'meeting_over', 'The recording is over.');
  }

  #presentAttendant(index: number): Attendant {
    this.#checkRunning();
    const attendant = this.#attendants[index]!;
    if (!attendant.present) throw refused(409, 'absent', `${this.#name(index)} is not in the meeting.`);
    return attendant;
  }

  #id(index: number): number {
    return this.session.participants[index]!.id;
  }

  #name(index: number): string {
    const { id, name } = this.session.participants[index]!;
    return name === null ? `participant ${id}` : `${name} (${id})`;
  }

  /** Calls back for each item when its position comes, in their order. */
  #walk<Item>(
    items: readonly Item[],
    sampleOf: (item: Item) => number,
    callback: (item: Item) => void,
  ): void {
    let next = 0;
    const dueMs = (): number | undefined =>
      items[next] === undefined ? undefined : this.session.timeOfSample(sampleOf(items[next]!));
    const first = dueMs();
    if (first === undefined) return;
    const cancel = this.session.tasks.add(first, {
      run: () => {
        if (!this.#ended) callback(items[next]!);
        next++;
        return dueMs();
      },
    });
    this.#cancels.add(cancel);
  }
}
