/**
 * The cameras and screens of a meeting that takes live commands: as the timeline has them, except that whoever leaves on command
 * takes theirs along. No command switches one on or off.
 */
import type { Session } from '../../emulator/session.ts';
import type { VideoPlan } from '../../scenario/timeline.ts';
import { videoFrom } from '../../scenario/video.ts';

export class MeetingVideo {
  readonly #session: Session;
  /** By participant, for those who left on command: the position from which the timeline holds for them again. */
  readonly #holdsFrom = new Map<number, number>();

  constructor(session: Session) {
    this.#session = session;
  }

  /** The recording begins, or goes on after a pause. */
  start(sample: number): void {
    for (const plan of this.#session.timeline.videos) {
      const rest = this.#holds(plan) ? videoFrom(plan, sample) : undefined;
      if (rest !== undefined) this.#session.addVideo(rest);
    }
  }

  /** They leave on command. */
  leave(participant: number, sample: number): void {
    this.#holdsFrom.set(participant, Number.POSITIVE_INFINITY);
    this.#session.cutVideo(participant, sample);
  }

  /** They come. Who had left on command switches on again what the timeline switches on from here on. */
  join(participant: number, sample: number, paused: boolean): void {
    if (this.#holdsFrom.get(participant) !== Number.POSITIVE_INFINITY) return;
    this.#holdsFrom.set(participant, sample);
    if (paused) return;
    for (const plan of this.#session.timeline.videos)
      if (plan.participant === participant && this.#holds(plan)) this.#session.addVideo(plan);
  }

  #holds({ participant, startSample }: VideoPlan): boolean {
    return startSample >= (this.#holdsFrom.get(participant) ?? 0);
  }
}
