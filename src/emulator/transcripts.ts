/** The words of utterances while they are said: told in parts, and as a whole when the utterance ends or is cut short. */

import { relativeSeconds } from '../protocol/timestamp.ts';
import type { TranscriptWord } from '../protocol/transcript.ts';
import type { Utterance } from '../scenario/timeline.ts';
import { wordsOf } from '../scenario/words.ts';
import type { EventMessages } from './event-messages.ts';
import type { Session } from './session.ts';

/** Partial transcripts come this often while somebody speaks. */
const PARTIAL_EVERY_MS = 1_000;

interface Saying {
  readonly participant: number;
  readonly words: readonly TranscriptWord[];
  cancel: () => void;
}

export class SpokenWords {
  readonly #session: Session;
  readonly #events: EventMessages;
  readonly #sayings = new Set<Saying>();

  constructor(session: Session, events: EventMessages) {
    this.#session = session;
    this.#events = events;
  }

  /** Words come as they are said; those that began before `fromSample` were not heard whole. */
  say(utterance: Utterance, fromSample: number): void {
    const session = this.#session;
    const from = relativeSeconds(fromSample);
    const words = wordsOf(utterance, (sample) => this.#events.absoluteOf(sample)).filter(
      (word) => word.start_timestamp.relative >= from,
    );
    if (words.length === 0) return;
    const saying: Saying = { participant: utterance.participant, words, cancel: () => {} };
    this.#sayings.add(saying);
    const endMs = session.timeOfSample(utterance.endSample);
    let told = 0;
    saying.cancel = session.tasks.add(Math.min(endMs, session.timeOfSample(fromSample) + PARTIAL_EVERY_MS), {
      run: (dueMs) => {
        if (dueMs >= endMs) {
          this.#finish(saying, relativeSeconds(utterance.endSample));
          return undefined;
        }
        const heard = heardBy(words, (dueMs - session.timeOfSample(0)) / 1_000);
        if (heard.length > told)
          this.#events.partialTranscript(session.participants[saying.participant]!, heard);
        told = heard.length;
        return Math.min(endMs, dueMs + PARTIAL_EVERY_MS);
      },
    });
  }

  /** Nobody hears a participant from here on. */
  stop(participant: number, sample: number): void {
    for (const saying of [...this.#sayings])
      if (saying.participant === participant) this.#finish(saying, relativeSeconds(sample));
  }

  #finish(saying: Saying, untilSeconds: number): void {
    if (!this.#sayings.delete(saying)) return;
    saying.cancel();
    const heard = heardBy(saying.words, untilSeconds);
    if (heard.length > 0) this.#events.transcript(this.#session.participants[saying.participant]!, heard);
  }
}

function heardBy(words: readonly TranscriptWord[], seconds: number): TranscriptWord[] {
  return words.filter((word) => word.end_timestamp!.relative <= seconds);
}
