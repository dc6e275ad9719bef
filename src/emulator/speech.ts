/**
 * Who is heard speaking: `speech_on` and `speech_off`, and the words between them. Somebody who speaks into a closed microphone
 * is not heard; when it opens, they are from there on.
 */

import { relativeSeconds } from '../protocol/timestamp.ts';
import type { StreamPlan, Utterance } from '../scenario/timeline.ts';
import type { Attendant, LiveUtterance } from './attendant.ts';
import type { EventMessages } from './event-messages.ts';
import type { Session } from './session.ts';
import { SpokenWords } from './transcripts.ts';

export class Speech {
  readonly #session: Session;
  readonly #attendants: readonly Attendant[];
  readonly #events: EventMessages;
  readonly #words: SpokenWords;
  readonly #cancels = new Set<() => void>();
  #paused = false;
  /** Position at which somebody was heard last. */
  #lastSample = 0;

  /** `attendants` by their index; it may grow. */
  constructor(session: Session, attendants: readonly Attendant[], events: EventMessages) {
    this.#session = session;
    this.#attendants = attendants;
    this.#events = events;
    this.#words = new SpokenWords(session, events);
  }

  /** Seconds since somebody was heard last; 0 while somebody speaks. */
  get silentSeconds(): number {
    if (this.#attendants.some(({ announcedSpeaking }) => announcedSpeaking)) return 0;
    return relativeSeconds(Math.max(0, this.#session.nowSample - this.#lastSample));
  }

  /** The scenario has somebody begin or end to speak. */
  scripted(index: number, sample: number, on: boolean): void {
    const attendant = this.#attendants[index]!;
    attendant.scripted = on;
    if (on && this.#heardAt(index, sample)) this.#announce(index, sample, true);
    if (!on && !attendant.speaksAt(sample)) this.#announce(index, sample, false);
  }

  /** The words of the scenario, which begin now. */
  say(utterance: Utterance): void {
    const { participant, startSample } = utterance;
    if (!this.#paused && this.#heardAt(participant, startSample)) this.#words.say(utterance, startSample);
  }

  /** Something is said on command, at its time. */
  sayLive(utterance: LiveUtterance): void {
    const { participant: index, startSample, endSample } = utterance;
    const attendant = this.#attendants[index]!;
    attendant.said.push(utterance);
    this.#at(startSample, () => {
      if (this.#paused || !attendant.said.includes(utterance) || !this.#heardAt(index, startSample)) return;
      this.#announce(index, startSample, true);
      this.#words.say(utterance, startSample);
    });
    this.#at(endSample, () => {
      const at = attendant.said.indexOf(utterance);
      if (at === -1) return;
      attendant.said.splice(at, 1);
      if (!attendant.speaksAt(endSample)) this.#announce(index, endSample, false);
    });
  }

  /** Nobody hears them from here on: what they are saying ends, for those who listen. */
  silence(index: number, sample: number): void {
    // The process may have been held up: what is over by then ended when it did.
    const heardUntil = this.#attendants[index]!.heardUntil(sample);
    this.#announce(index, heardUntil, false);
    this.#words.stop(index, heardUntil);
  }

  /** They are heard again: what they are saying is, from here on. */
  hear(index: number, sample: number): void {
    const attendant = this.#attendants[index]!;
    if (!attendant.speaksAt(sample) || !this.#heardAt(index, sample)) return;
    this.#announce(index, sample, true);
    for (const utterance of [...this.#session.timeline.utterances, ...attendant.said]) {
      if (utterance.participant === index && utterance.startSample < sample && utterance.endSample > sample)
        this.#words.say(utterance, sample);
    }
  }

  /** Nobody is heard from here on, until it is resumed or for ever. */
  pause(sample: number): void {
    for (const index of this.#attendants.keys()) this.silence(index, sample);
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
  }

  end(sample: number): void {
    this.pause(sample);
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
  }

  #announce(index: number, sample: number, on: boolean): void {
    const attendant = this.#attendants[index]!;
    if (attendant.announcedSpeaking === on || this.#paused) return;
    attendant.announcedSpeaking = on;
    this.#lastSample = sample;
    const participant = this.#session.participants[index]!;
    this.#events.participant(`participant_events.speech_${on ? 'on' : 'off'}`, participant, sample, null);
  }

  #heardAt(index: number, sample: number): boolean {
    const { present, plans, script } = this.#attendants[index]!;
    const covers = (plan: StreamPlan): boolean => plan.startSample <= sample && plan.endSample >= sample;
    // A capture may have speech outside its streams. It is as true as the rest of it.
    return present && (plans.some(covers) || !script.some(covers));
  }

  #at(sample: number, callback: () => void): void {
    const cancel = this.#session.tasks.at(this.#session.timeOfSample(sample), () => {
      this.#cancels.delete(cancel);
      callback();
    });
    this.#cancels.add(cancel);
  }
}
