/** What somebody in a running meeting does on command beside speaking: they write, change, and switch cameras and screens. */
import type { AudioSource } from '../../audio/source.ts';
import { quietPlan } from '../../emulator/attendant.ts';
import type { MeetingEvents } from '../../emulator/events.ts';
import type { Session } from '../../emulator/session.ts';
import type { VideoType } from '../../protocol/video-separate-png.ts';
import type { Segment } from '../../scenario/timeline.ts';
import type { MeetingVideo } from './meeting-video.ts';
import { refused } from './refusal.ts';

/** Of words that were said on command, without audio. */
const WORD_SECONDS = 0.3;

/** Whoever asks has made sure that the participants are in the meeting. */
export class LiveEvents {
  readonly #session: Session;
  readonly #events: MeetingEvents;
  readonly #video: MeetingVideo;

  constructor(session: Session, events: MeetingEvents, video: MeetingVideo) {
    this.#session = session;
    this.#events = events;
    this.#video = video;
  }

  /** What they say on command ends here. For those of whom the scenario has nothing. */
  hush(index: number): void {
    const sample = this.#session.nowSample;
    this.#events.speech.silence(index, sample);
    this.#events.attendants[index]!.hush(index);
    const until = this.#session.runningUntil(index, sample) ?? sample;
    this.#session.replaceFrom(index, sample, (from) => quietPlan(index, from, until).segments);
  }

  /** Their open microphone sends what comes from outside from here on, until it is closed. `sourceOf`: of so many samples. */
  pipe(index: number, sourceOf: (samples: number) => AudioSource): void {
    const sample = this.#session.nowSample;
    const attendant = this.#events.attendants[index]!;
    const until = this.#session.runningUntil(index, sample) ?? sample;
    const segmentsFrom = (from: number): readonly Segment[] => {
      if (from >= until) return [];
      const source = sourceOf(until - from);
      return [{ startSample: from, endSample: until, kind: 'speech', source }];
    };
    const from = this.#session.replaceFrom(index, sample, segmentsFrom) ?? sample;
    attendant.plans = attendant.plans.map((plan) =>
      plan.startSample <= sample && plan.endSample > sample
        ? { ...plan, framing: 'by_duration', segments: segmentsFrom(from) }
        : plan,
    );
  }

  /** They begin to speak into their microphone, or end: for what comes from outside, which no scenario knows. */
  speak(index: number, on: boolean): void {
    this.#events.speech.scripted(index, this.#session.nowSample, on);
  }

  /** Throws a `Refusal` in a pause, as all of these but `change` do: nobody would be told. */
  chat(index: number, text: string, to: 'everyone' | 'only_bot'): void {
    this.#checkTold();
    const sample = this.#session.nowSample;
    this.#events.happen('participant_events.chat_message', index, sample, { text, to });
  }

  /** What is left out stays as it is. In a pause it is told at its end. */
  change(index: number, change: { readonly name?: string | null; readonly email?: string | null }): void {
    const participant = { ...this.#session.participants[index]!, ...change };
    this.#events.change(index, participant, this.#session.nowSample);
  }

  /** Words that were said until now, by whoever can be heard or not. */
  transcript(index: number, text: string): void {
    this.#checkTold();
    const words = text.split(/\s+/).filter((word) => word !== '').length;
    this.#events.transcript(index, text, words * WORD_SECONDS);
  }

  /** Throws a `Refusal` for what is as asked for already. */
  switchVideo(index: number, type: VideoType, on: boolean): void {
    this.#checkTold();
    const sample = this.#session.nowSample;
    if (this.#video.isOn(index, type, sample) === on)
      throw refused(409, on ? 'already_on' : 'already_off', `The ${type} is ${on ? 'on' : 'off'} already.`);
    this.#video.switch(index, type, on, sample);
    this.#events.happen(`participant_events.${type}_${on ? 'on' : 'off'}`, index, sample);
  }

  #checkTold(): void {
    if (this.#events.paused) throw refused(409, 'paused', 'The recording is paused.');
  }
}
