/** Who is in the meeting, by index: as in the timeline, plus who was added, with the changes made since. */
import type { Participant } from '../protocol/participant.ts';
import { type Interval, participantAt, type Timeline } from '../scenario/timeline.ts';

export class Roster {
  readonly participants: Participant[];
  readonly #timeline: Timeline;
  readonly #changed = new Set<number>();

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
    this.participants = [...timeline.participants];
  }

  /** Index of a participant; -1 when there is none. */
  indexOf(participantId: number): number {
    return this.participants.findIndex(({ id }) => id === participantId);
  }

  /** Somebody the timeline does not know. Returns their index. */
  add(participant: Participant): number {
    this.participants.push(participant);
    return this.participants.length - 1;
  }

  change(index: number, participant: Participant): void {
    this.participants[index] = participant;
    this.#changed.add(index);
  }

  /** The participant as the last update before the stream left it. */
  at(plan: Interval): Participant {
    const { participant: index } = plan;
    return this.#changed.has(index) || index >= this.#timeline.participants.length
      ? this.participants[index]!
      : participantAt(this.#timeline, plan);
  }
}
