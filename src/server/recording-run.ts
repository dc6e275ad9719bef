/**
 * One recording while it runs: plays the rest of a meeting through a session, sends every event that goes with it, and
 * keeps what the recording holds. Takes the live commands (mute, unmute, speak, join, leave, pause, resume). Knows
 * nothing of bots, statuses or HTTP.
 */
import { loopSource, noiseFloor } from '../audio/signals.ts';
import type { AudioSource } from '../audio/source.ts';
import { Mixer } from '../emulator/mixer.ts';
import type { Session } from '../emulator/session.ts';
import { EmulatorError } from '../errors.ts';
import type { Ids } from '../protocol/ids.ts';
import type { Participant } from '../protocol/participant.ts';
import type { ParticipantEventName } from '../protocol/participant-events.ts';
import { SAMPLE_RATE } from '../protocol/pcm.ts';
import type { ResourceRef } from '../protocol/resource.ts';
import {
  type AbsoluteFormat,
  formatAbsolute,
  relativeSeconds,
  sampleToMicros,
  type Timestamp,
} from '../protocol/timestamp.ts';
import type { TranscriptWord } from '../protocol/transcript.ts';
import { sliceSegments, streamFrom } from '../scenario/slice.ts';
import type { StreamPlan, TimelineEvent, Utterance } from '../scenario/timeline.ts';
import { wordsOf } from '../scenario/words.ts';
import type { RecordingFiles } from './recording-files.ts';
import type { RecordingContent } from './records.ts';

export interface RecordingRunOptions {
  readonly session: Session;
  readonly content: RecordingContent;
  readonly files: RecordingFiles;
  readonly ids: Ids;
  readonly bot: ResourceRef;
  readonly recording: ResourceRef;
  /** Undefined: not asked for, so no such events are sent. */
  readonly participantEvents: ResourceRef | undefined;
  readonly transcript: ResourceRef | undefined;
  readonly audioMixed: ResourceRef | undefined;
  readonly audioSeparate: boolean;
  /** Concurrent separate streams that the platform has. */
  readonly maxStreams: number;
  readonly startMicros: number;
  readonly absoluteFormat: AbsoluteFormat;
  readonly frameMs: readonly number[];
  /** Sends an event to endpoints that are no WebSockets. */
  send(event: string, message: (endpoint: ResourceRef) => unknown): void;
  /** Something was added to the content. */
  onChange(): void;
  /** For the log. */
  onActivity(text: string, data: Readonly<Record<string, unknown>>): void;
  /** Someone came or left. */
  onAttendance(): void;
}

/** How a live command is refused: as a conflict with what is. */
export class CommandError extends EmulatorError {
  override readonly name: string = 'CommandError';
}

/** Partial transcripts come this often while somebody speaks. */
const PARTIAL_EVERY_MS = 1_000;

const FLUSH_EVERY_MS = 500;

interface Speaking {
  readonly participant: number;
  readonly words: readonly TranscriptWord[];
  cancel: () => void;
}

interface Attendant {
  present: boolean;
  /** A `join` has been sent and no `leave` since. */
  announced: boolean;
  /** By the scenario or a live command, heard or not. */
  speaking: boolean;
  /** A `speech_on` has been sent and no `speech_off` since. */
  announcedSpeaking: boolean;
  /** What they send from now on, as far as it is known; sorted. */
  plans: StreamPlan[];
}

export class RecordingRun {
  readonly session: Session;
  readonly #options: RecordingRunOptions;
  readonly #attendants: Attendant[];
  readonly #cancels = new Set<() => void>();
  readonly #spoken = new Set<Speaking>();
  readonly #mixer: Mixer;
  readonly #mixFrame: Int16Array;
  /** Participants whose running stream is one too many for the platform. */
  readonly #beyondLimit = new Set<number>();
  #paused = false;
  #ended = false;
  /** Position at which somebody was heard last. */
  #lastSpeechSample = 0;
  #events = 0;

  constructor(options: RecordingRunOptions) {
    this.#options = options;
    this.session = options.session;
    const { timeline } = this.session;
    this.#attendants = timeline.participants.map((_, index) => ({
      present: false,
      announced: false,
      speaking: false,
      announcedSpeaking: false,
      plans: timeline.streams.filter(({ participant }) => participant === index),
    }));
    this.#mixFrame = new Int16Array(Math.round((options.frameMs[0]! * SAMPLE_RATE) / 1_000));
    // Frames come at most a frame and a phase late; the rest is for a process that was held up.
    this.#mixer = new Mixer(8 * SAMPLE_RATE);
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
    if (this.#attendants.some(({ announcedSpeaking }) => announcedSpeaking)) return 0;
    return relativeSeconds(Math.max(0, this.session.nowSample - this.#lastSpeechSample));
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
      (utterance) => {
        if (!this.#paused && this.#heardAt(utterance.participant, utterance.startSample))
          this.#say(utterance, utterance.startSample);
      },
    );
    for (const plan of timeline.streams) session.add(plan);
    if (this.#options.audioMixed !== undefined) this.#mix();
    this.#flushRegularly();
  }

  /** Whether a participant's stream, which begins now, is one of as many as the platform streams at a time. */
  admits(participant: number): boolean {
    const others = this.session
      .status()
      .filter(
        ({ state }, index) => state !== 'muted' && index !== participant && !this.#beyondLimit.has(index),
      );
    const admitted = others.length < this.#options.maxStreams;
    if (admitted) this.#beyondLimit.delete(participant);
    else {
      this.#beyondLimit.add(participant);
      this.#options.onActivity(
        `${this.#name(participant)} is not streamed: the platform streams ${this.#options.maxStreams} participants at a time`,
        { participant_id: this.#id(participant), action: 'beyond_limit' },
      );
    }
    return admitted;
  }

  /** Every frame of every stream. */
  onFrame(participant: number, startSample: number, pcm: Int16Array): void {
    const { audioSeparate, audioMixed, files, onChange } = this.#options;
    if (audioSeparate && !this.#beyondLimit.has(participant)) {
      if (files.append(this.session.participants[participant]!, startSample, pcm)) onChange();
    }
    if (audioMixed !== undefined) this.#mixer.add(startSample, pcm);
  }

  pause(): void {
    if (this.#paused) throw new CommandError('already_paused', 'The recording is paused already.');
    const sample = this.session.nowSample;
    for (const index of this.#attendants.keys()) this.#silence(index, sample);
    this.#paused = true;
    this.session.pause(() => this.#mixUntil(sample));
    this.#options.files.flush();
  }

  resume(): void {
    if (!this.#paused) throw new CommandError('not_paused', 'The recording is not paused.');
    const sample = this.session.nowSample;
    this.#paused = false;
    this.#mixer.skipTo(sample);
    this.session.resume();
    for (const [index, attendant] of this.#attendants.entries()) {
      // Who came or went in the pause is told now.
      if (attendant.present && !attendant.announced) this.#announce(index, sample, true);
      if (!attendant.present && attendant.announced) this.#announce(index, sample, false);
      for (const plan of attendant.plans) {
        const rest = streamFrom(plan, sample);
        if (rest !== undefined) this.session.add(rest);
      }
      this.#resumeSpeech(index, sample);
    }
  }

  /** The rest of what they send now falls away; what the scenario has for later does not. */
  mute(index: number): void {
    const attendant = this.#presentAttendant(index);
    const sample = this.session.nowSample;
    const running = attendant.plans.find((plan) => plan.startSample <= sample && plan.endSample > sample);
    if (running === undefined)
      throw new CommandError('already_muted', `${this.#name(index)} is muted already.`);
    this.#silence(index, sample);
    this.#closeMicrophone(index, sample);
    this.#options.onActivity(`${this.#name(index)} is muted`, {
      participant_id: this.#id(index),
      action: 'mute',
    });
  }

  /** What the scenario lets them send at this moment, else near-silence until it lets them send something again. */
  unmute(index: number): void {
    const attendant = this.#presentAttendant(index);
    const sample = this.session.nowSample;
    if (attendant.plans.some((plan) => plan.startSample <= sample && plan.endSample > sample))
      throw new CommandError('already_unmuted', `${this.#name(index)} is unmuted already.`);
    const { timeline } = this.session;
    const scripted = timeline.streams.find(
      (plan) => plan.participant === index && plan.startSample <= sample && plan.endSample > sample,
    );
    const next = attendant.plans.find((plan) => plan.startSample > sample);
    const endSample = Math.max(sample, next?.startSample ?? timeline.durationSamples);
    const plan =
      scripted === undefined ? this.#quiet(index, sample, endSample) : streamFrom(scripted, sample)!;
    if (plan.endSample <= sample) throw new CommandError('meeting_over', 'The meeting is over.');
    attendant.plans = [...attendant.plans, plan].sort((a, b) => a.startSample - b.startSample);
    if (!this.#paused) {
      this.session.add(plan);
      this.#resumeSpeech(index, sample);
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
    const sample = this.session.nowSample;
    if (this.#paused) throw new CommandError('paused', 'The recording is paused.');
    const until = this.session.runningUntil(index, sample);
    const at = attendant.plans.findIndex((plan) => plan.startSample <= sample && plan.endSample > sample);
    if (until === undefined || at === -1)
      throw new CommandError('muted', `${this.#name(index)} is muted: unmute them first.`);
    const overlapping = this.session.timeline.utterances.find(
      ({ participant, startSample, endSample }) =>
        participant === index && startSample < sample + source.samples && endSample > sample,
    );
    if (attendant.speaking || overlapping !== undefined)
      throw new CommandError('speaking', `${this.#name(index)} speaks at that time by the scenario.`);
    const plan = attendant.plans[at]!;
    let endSample = sample;
    const startSample = this.session.replaceFrom(index, sample, (from) => {
      endSample = Math.min(from + source.samples, until);
      const segments = [
        ...(endSample > from ? [{ startSample: from, endSample, kind: 'speech' as const, source }] : []),
        ...sliceSegments(plan.segments, endSample, until),
      ];
      attendant.plans[at] = {
        ...plan,
        segments: [...sliceSegments(plan.segments, plan.startSample, from), ...segments],
      };
      return segments;
    })!;
    const utterance: Utterance = { participant: index, startSample, endSample, text };
    this.#at(startSample, () => {
      this.#speech(index, startSample, true);
      this.#say(utterance, startSample);
    });
    this.#at(endSample, () => this.#speech(index, endSample, false));
    return { startSample, endSample };
  }

  /** Someone the scenario does not know, or who is not there. Muted. */
  join(participant: Participant): void {
    const known = this.session.participants.findIndex(({ id }) => id === participant.id);
    if (known !== -1 && this.#attendants[known]!.present)
      throw new CommandError('already_joined', `Participant ${participant.id} is in the meeting already.`);
    let index = known;
    if (known === -1) {
      index = this.session.addParticipant(participant);
      this.#attendants.push({
        present: false,
        announced: false,
        speaking: false,
        announcedSpeaking: false,
        plans: [],
      });
    } else this.session.changeParticipant(known, participant);
    this.#attendance(index, this.session.nowSample, true);
  }

  leave(index: number): void {
    this.#presentAttendant(index);
    const sample = this.session.nowSample;
    this.#silence(index, sample);
    const attendant = this.#attendants[index]!;
    this.session.cut(index, sample);
    attendant.plans = [];
    this.#attendance(index, sample, false);
  }

  /** The index of a participant by the meeting's id. Throws a `CommandError` (`unknown_participant`). */
  indexOf(participantId: number): number {
    const index = this.session.participants.findIndex(({ id }) => id === participantId);
    if (index !== -1) return index;
    const known = this.session.participants.map(({ id }) => id).join(', ');
    throw new CommandError(
      'unknown_participant',
      `There is no participant ${participantId}. The participants are ${known}.`,
    );
  }

  /** Whether somebody's microphone is open, the recording paused or not. */
  isUnmuted(index: number): boolean {
    const sample = this.session.nowSample;
    return this.#attendants[index]!.plans.some(
      (plan) => plan.startSample <= sample && plan.endSample > sample,
    );
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
    for (const index of this.#attendants.keys()) this.#silence(index, sample);
    this.#ended = true;
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
    return this.session.end(() => {
      if (!this.#paused) this.#mixUntil(sample);
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
        if (!attendant.present) break;
        this.#silence(participant, sample);
        this.#attendance(participant, sample, false);
        break;
      case 'participant_events.speech_on':
        attendant.speaking = attendant.present;
        if (this.#heardAt(participant, sample)) this.#speech(participant, sample, true);
        break;
      case 'participant_events.speech_off':
        this.#speech(participant, sample, false);
        break;
      default:
        if (!attendant.present) break;
        if (event.event === 'participant_events.update')
          this.session.changeParticipant(participant, snapshot);
        this.#emit(event.event, participant, sample, snapshot, event.data);
    }
  }

  #attendance(index: number, sample: number, present: boolean, snapshot?: Participant): void {
    this.#attendants[index]!.present = present;
    if (!this.#paused) this.#announce(index, sample, present, snapshot);
    this.#options.onActivity(`${this.#name(index)} ${present ? 'joined' : 'left'}`, {
      participant_id: this.#id(index),
      action: present ? 'join' : 'leave',
    });
    this.#options.onAttendance();
  }

  #announce(index: number, sample: number, present: boolean, snapshot?: Participant): void {
    this.#attendants[index]!.announced = present;
    const participant = snapshot ?? this.session.participants[index]!;
    const { participants } = this.#options.content;
    if (present && !participants.some(({ id }) => id === participant.id)) participants.push(participant);
    this.#emit(`participant_events.${present ? 'join' : 'leave'}`, index, sample, participant, null);
  }

  #speech(index: number, sample: number, on: boolean): void {
    const attendant = this.#attendants[index]!;
    attendant.speaking = on;
    if (attendant.announcedSpeaking === on || this.#paused) return;
    attendant.announcedSpeaking = on;
    this.#lastSpeechSample = sample;
    const participant = this.session.participants[index]!;
    const { speakerTimeline } = this.#options.content;
    const timestamp = this.#timestamp(sample);
    if (on) speakerTimeline.push({ participant, start_timestamp: timestamp, end_timestamp: null });
    else {
      const open = speakerTimeline.findLast(
        (entry) => entry.participant.id === participant.id && entry.end_timestamp === null,
      );
      if (open !== undefined) open.end_timestamp = timestamp;
    }
    this.#emit(`participant_events.speech_${on ? 'on' : 'off'}`, index, sample, participant, null);
  }

  /** Nobody hears them from here on: what they are saying ends. */
  #silence(index: number, sample: number): void {
    const { speaking, announcedSpeaking } = this.#attendants[index]!;
    if (announcedSpeaking) this.#speech(index, sample, false);
    this.#attendants[index]!.speaking = speaking;
    for (const spoken of [...this.#spoken])
      if (spoken.participant === index) this.#finishSaying(spoken, relativeSeconds(sample));
  }

  /** They are heard again: what they are saying is, from here on. */
  #resumeSpeech(index: number, sample: number): void {
    const attendant = this.#attendants[index]!;
    if (!attendant.speaking || !this.#heardAt(index, sample)) return;
    this.#speech(index, sample, true);
    for (const utterance of this.session.timeline.utterances) {
      if (utterance.participant === index && utterance.startSample < sample && utterance.endSample > sample)
        this.#say(utterance, sample);
    }
  }

  #closeMicrophone(index: number, sample: number): void {
    const attendant = this.#attendants[index]!;
    const later = attendant.plans.filter((plan) => plan.startSample > sample);
    attendant.plans = later;
    this.session.cut(index, sample);
    if (!this.#paused) for (const plan of later) this.session.add(plan);
  }

  #heardAt(index: number, sample: number): boolean {
    const attendant = this.#attendants[index]!;
    // A capture may have speech events outside its streams: they are as true as the rest of it.
    if (this.session.timeline.utterances.length === 0 && attendant.plans.length === 0)
      return attendant.present;
    return (
      attendant.present &&
      attendant.plans.some((plan) => plan.startSample <= sample && plan.endSample >= sample)
    );
  }

  /** Words come as they are said; those that began before `fromSample` were not heard whole. */
  #say(utterance: Utterance, fromSample: number): void {
    const from = relativeSeconds(fromSample);
    const words = wordsOf(utterance).filter((word) => word.start_timestamp.relative >= from);
    if (words.length === 0) return;
    const spoken: Speaking = { participant: utterance.participant, words, cancel: () => {} };
    this.#spoken.add(spoken);
    const endMs = this.session.timeOfSample(utterance.endSample);
    let told = 0;
    spoken.cancel = this.session.options.pacer.add(
      Math.min(endMs, this.session.timeOfSample(fromSample) + PARTIAL_EVERY_MS),
      {
        run: (dueMs) => {
          if (dueMs >= endMs) {
            this.#finishSaying(spoken, relativeSeconds(utterance.endSample));
            return undefined;
          }
          const until = (dueMs - this.session.timeOfSample(0)) / 1_000;
          const heard = words.filter((word) => word.end_timestamp!.relative <= until);
          if (heard.length > told) this.#emitTranscript('transcript.partial_data', spoken.participant, heard);
          told = heard.length;
          return Math.min(endMs, dueMs + PARTIAL_EVERY_MS);
        },
      },
    );
  }

  #finishSaying(spoken: Speaking, untilSeconds: number): void {
    if (!this.#spoken.delete(spoken)) return;
    spoken.cancel();
    const heard = spoken.words.filter((word) => word.end_timestamp!.relative <= untilSeconds);
    if (heard.length === 0) return;
    const participant = this.session.participants[spoken.participant]!;
    this.#options.content.transcript.push({ participant, words: heard });
    this.#options.onChange();
    this.#emitTranscript('transcript.data', spoken.participant, heard);
  }

  #emitTranscript(event: string, index: number, words: readonly TranscriptWord[]): void {
    const { transcript, recording, bot } = this.#options;
    if (transcript === undefined) return;
    const participant = this.session.participants[index]!;
    this.#send(event, (realtime_endpoint) => ({
      event,
      data: { data: { words, participant }, realtime_endpoint, transcript, recording, bot },
    }));
  }

  #emit(
    event: ParticipantEventName,
    index: number,
    sample: number,
    participant: Participant,
    data: TimelineEvent['data'],
  ): void {
    const { participantEvents, content, recording, bot, ids, onChange } = this.#options;
    if (this.#paused) return;
    const timestamp = this.#timestamp(sample);
    content.participantEvents.push({
      id: ids.uuid(`participant_event ${recording.id} ${this.#events++}`),
      action: event.slice('participant_events.'.length),
      participant,
      timestamp,
      data,
    });
    // Emails come later than people: the list of participants has the last state of each.
    const listed = content.participants.findIndex(({ id }) => id === participant.id);
    if (listed !== -1 && event === 'participant_events.update') content.participants[listed] = participant;
    onChange();
    if (event === 'participant_events.chat_message' || event === 'participant_events.update')
      this.#options.onActivity(`${this.#name(index)}: ${event.slice('participant_events.'.length)}`, {
        participant_id: participant.id,
      });
    if (participantEvents === undefined) return;
    this.#send(event, (realtime_endpoint) => ({
      event,
      data: {
        data: { participant, timestamp, data },
        realtime_endpoint,
        participant_events: participantEvents,
        recording,
        bot,
      },
    }));
  }

  #send(event: string, message: (endpoint: ResourceRef) => unknown): void {
    this.session.send(event, message);
    this.#options.send(event, message);
  }

  /** What was said before a mute is on disk soon, also when nothing more is said. */
  #flushRegularly(): void {
    const { pacer } = this.session.options;
    const cancel = pacer.add(pacer.clock.now() + FLUSH_EVERY_MS, {
      run: (dueMs) => {
        if (this.#ended) return undefined;
        this.#options.files.flush();
        return dueMs + FLUSH_EVERY_MS;
      },
    });
    this.#cancels.add(cancel);
  }

  /** Mixes frame by frame, late enough for everybody's audio to be there. */
  #mix(): void {
    const { frameMs } = this.#options;
    const { pacer } = this.session.options;
    const guardMs = pacer.clock.virtual ? 1 : Math.max(...frameMs) + Math.min(...frameMs) + 1;
    const cancel = pacer.add(this.session.timeOfSample(this.#mixFrame.length) + guardMs, {
      run: (dueMs) => {
        if (this.#ended) return undefined;
        if (!this.#paused)
          this.#mixUntil(
            Math.round(((dueMs - guardMs - this.session.timeOfSample(0)) * SAMPLE_RATE) / 1_000),
          );
        return dueMs + (this.#mixFrame.length * 1_000) / SAMPLE_RATE;
      },
    });
    this.#cancels.add(cancel);
  }

  #mixUntil(sample: number): void {
    const { audioMixed, recording, bot, files } = this.#options;
    if (audioMixed === undefined) return;
    while (this.#mixer.position < sample) {
      const startSample = this.#mixer.position;
      const frame = this.#mixFrame.subarray(0, Math.min(this.#mixFrame.length, sample - startSample));
      this.#mixer.read(frame);
      files.appendMixed(frame);
      const buffer = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength).toString('base64');
      const timestamp = this.#timestamp(startSample);
      this.session.send('audio_mixed_raw.data', (realtime_endpoint) => ({
        event: 'audio_mixed_raw.data',
        data: { data: { buffer, timestamp }, realtime_endpoint, audio_mixed: audioMixed, recording, bot },
      }));
    }
  }

  #timestamp(sample: number): Timestamp {
    const { startMicros, absoluteFormat } = this.#options;
    return {
      relative: relativeSeconds(sample),
      absolute: formatAbsolute(startMicros + sampleToMicros(sample), absoluteFormat),
    };
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

  #presentAttendant(index: number): Attendant {
    const attendant = this.#attendants[index]!;
    if (!attendant.present) throw new CommandError('absent', `${this.#name(index)} is not in the meeting.`);
    return attendant;
  }

  #id(index: number): number {
    return this.session.participants[index]!.id;
  }

  #name(index: number): string {
    const { id, name } = this.session.participants[index]!;
    return name === null ? `participant ${id}` : `${name} (${id})`;
  }

  #at(sample: number, callback: () => void): void {
    const cancel = this.session.options.pacer.at(this.session.timeOfSample(sample), () => {
      this.#cancels.delete(cancel);
      callback();
    });
    this.#cancels.add(cancel);
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
    const cancel = this.session.options.pacer.add(first, {
      run: () => {
        if (!this.#ended) callback(items[next]!);
        next++;
        return dueMs();
      },
    });
    this.#cancels.add(cancel);
  }
}
