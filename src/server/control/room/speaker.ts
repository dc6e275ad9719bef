/** Somebody who has joined a meeting with a microphone of their own: a participant like any other. */

import type { Meeting } from '../../bot/meeting.ts';
import { Microphone } from '../../bot/microphone.ts';

const ID_STEP = 100;

export class Speaker {
  readonly id: number;
  readonly #meeting: Meeting;
  readonly #index: number;
  readonly #microphone: Microphone;
  #unmuted = false;

  /** Joins, muted. Throws a `Refusal`. */
  constructor(meeting: Meeting, name: string, onSent: (stamp: number) => void) {
    this.#meeting = meeting;
    const highest = meeting.session.participants.reduce((most, { id }) => Math.max(most, id), 0);
    this.id = Math.floor(highest / ID_STEP) * ID_STEP + ID_STEP;
    meeting.join({ id: this.id, name, is_host: false, platform: 'desktop', extra_data: {} });
    this.#index = meeting.indexOf(this.id);
    this.#microphone = new Microphone({
      onSpeech: (on) => meeting.live.speak(this.#index, on),
      onSent,
    });
  }

  /** Whether they can be heard: whoever else mutes them does so, too. */
  get unmuted(): boolean {
    const { session } = this.#meeting;
    if (!this.#meeting.isPresent(this.#index)) return false;
    const now = this.#meeting.isUnmuted(this.#index);
    // Somebody else has opened their microphone: it sends what comes.
    if (now && !this.#unmuted && session.runningUntil(this.#index, session.nowSample) !== undefined)
      this.#open();
    if (!now && this.#unmuted) this.#microphone.clear();
    this.#unmuted = now;
    return now;
  }

  get present(): boolean {
    return this.#meeting.isPresent(this.#index);
  }

  /** Throws a `Refusal`. */
  mute(muted: boolean): void {
    if (this.#meeting.isUnmuted(this.#index) !== muted) return;
    if (muted) {
      this.#microphone.clear();
      this.#meeting.mute(this.#index);
    } else {
      this.#meeting.unmute(this.#index);
      this.#open();
    }
    this.#unmuted = !muted;
  }

  push(pcm: Int16Array, stamp: number): void {
    if (this.unmuted) this.#microphone.push(pcm, stamp);
  }

  leave(): void {
    if (this.present) this.#meeting.leave(this.#index);
  }

  #open(): void {
    this.#microphone.clear();
    this.#meeting.live.pipe(this.#index, (samples) => this.#microphone.source(samples));
  }
}
