/**
 * The cameras and screens of a meeting that takes live commands: as the timeline has them, except for those that are switched on
 * or off on command, and that whoever leaves on command takes theirs along.
 */

import type { Session } from '../../emulator/session.ts';
import { VIDEO_TYPES, type VideoType } from '../../protocol/video-separate-png.ts';
import type { VideoPlan } from '../../scenario/timeline.ts';
import { videoFrom } from '../../scenario/video.ts';

interface Switched {
  readonly sample: number;
  /** What is on from there; undefined when it was switched off. */
  readonly plan: VideoPlan | undefined;
}

export class MeetingVideo {
  readonly #session: Session;
  /** By participant, for those who left on command: the position from which the timeline holds for them again. */
  readonly #holdsFrom = new Map<number, number>();

  /** What was switched last on command, by participant and type, and when. A switch of the timeline comes after it. */
  readonly #switched = new Map<string, Switched>();

  constructor(session: Session) {
    this.#session = session;
  }

  /** The recording begins, or goes on after a pause. */
  start(sample: number): void {
    const { videos } = this.#session.timeline;
    const switched = [...this.#switched.values()].flatMap(({ plan }) => plan ?? []);
    for (const plan of [...videos.filter((each) => this.#holds(each)), ...switched]) {
      const rest = videoFrom(plan, sample);
      if (rest !== undefined) this.#session.addVideo(rest);
    }
  }

  /** They leave on command. */
  leave(participant: number, sample: number): void {
    this.#holdsFrom.set(participant, Number.POSITIVE_INFINITY);
    for (const type of VIDEO_TYPES) this.#switched.set(keyOf(participant, type), { sample, plan: undefined });
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

  isOn(participant: number, type: VideoType, sample: number): boolean {
    const now = ({ startSample, endSample }: VideoPlan): boolean =>
      startSample <= sample && endSample > sample;
    const { plan } = this.#switched.get(keyOf(participant, type)) ?? {};
    return (plan !== undefined && now(plan)) || this.#ofTimeline(participant, type).some(now);
  }

  /** On command. What the timeline switches later holds again; what it has on now ends for good. */
  switch(participant: number, type: VideoType, on: boolean, sample: number): void {
    const scripted = this.#ofTimeline(participant, type).filter(({ endSample }) => endSample > sample);
    const [next] = scripted;
    const offSample =
      next === undefined
        ? this.#session.timeline.durationSamples
        : next.startSample > sample
          ? next.startSample
          : next.endSample;
    const plan = on ? { participant, type, startSample: sample, endSample: offSample } : undefined;
    this.#switched.set(keyOf(participant, type), { sample, plan });
    // A cut ends what has not begun, too.
    this.#session.cutVideo(participant, sample, type);
    if (plan !== undefined) this.#session.addVideo(plan);
    for (const each of scripted) if (each.startSample > sample) this.#session.addVideo(each);
  }

  /** What of the timeline holds still. */
  #ofTimeline(participant: number, type: VideoType): VideoPlan[] {
    return this.#session.timeline.videos.filter(
      (each) => each.participant === participant && each.type === type && this.#holds(each),
    );
  }

  #holds({ participant, type, startSample }: VideoPlan): boolean {
    const switched = this.#switched.get(keyOf(participant, type));
    if (switched !== undefined && startSample <= switched.sample) return false;
    return startSample >= (this.#holdsFrom.get(participant) ?? 0);
  }
}

function keyOf(participant: number, type: VideoType): string {
  return `${participant} ${type}`;
}
