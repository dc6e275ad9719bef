/**
 * A participant's video as a stream's cursor: a picture when it begins, and one every half second until it ends. Draws nothing:
 * pictures come from whoever was given.
 */
import type { ResourceRef } from '../protocol/resource.ts';
import { relativeSeconds } from '../protocol/timestamp.ts';
import type { VideoPlan } from '../scenario/timeline.ts';
import type { Picture, Subject } from '../video/picture.ts';
import { type Medium, SCREENSHARE, WEBCAM } from './ledger.ts';
import type { Cursor } from './media.ts';

/** What a session needs to send video. */
export interface VideoOptions {
  /** `video_separate` of the messages. */
  readonly separate: ResourceRef;
  readonly picture: DrawPictures;
}

/** The pictures of a camera or a screen, by the second of the meeting. */
export type DrawPictures = (subject: Subject) => Pick<Picture, 'at'>;

/** A picture takes a millisecond once the compressor's code is compiled, and the first ones more than ten. */
const WARM_UP_PICTURES = 16;

let loading: Promise<DrawPictures> | undefined;

/**
 * Loads and warms up what draws and compresses, once in a process and only for meetings with video: before the meeting, for the
 * audio's sake.
 */
export function loadPictures(): Promise<DrawPictures> {
  loading ??= warmUp();
  return loading;
}

async function warmUp(): Promise<DrawPictures> {
  const { Picture } = await import('../video/picture.ts');
  const picture = new Picture({ id: 0, name: 'Warm-up', type: 'webcam', index: 0 });
  for (let second = 0; second < WARM_UP_PICTURES; second++) picture.at(second);
  return (subject) => new Picture(subject);
}

export function mediumOf({ type }: VideoPlan): Medium {
  return type === 'webcam' ? WEBCAM : SCREENSHARE;
}

export class PictureCursor implements Cursor<Uint8Array> {
  startSample: number;
  /** The last picture lasts until the end. */
  samples = 0;
  done = false;
  endSample: number;
  /** Pictures are drawn when they are needed. */
  readonly source = undefined;
  readonly offset = 0;
  readonly #lasts: number;
  readonly #picture: Pick<Picture, 'at'>;

  constructor(plan: VideoPlan, picture: Pick<Picture, 'at'>) {
    this.startSample = plan.startSample;
    this.endSample = plan.endSample;
    this.#lasts = mediumOf(plan).unitSamples;
    this.#picture = picture;
    this.#cut();
  }

  read(): Uint8Array {
    return this.#picture.at(relativeSeconds(this.startSample));
  }

  advance(): void {
    this.startSample += this.samples;
    this.#cut();
  }

  /** What has been shown already stays shown; unlike samples, a picture can be cut short. */
  cut(atSample: number): number {
    this.endSample = Math.min(this.endSample, atSample);
    this.#cut();
    return this.endSample;
  }

  close(): void {}

  #cut(): void {
    this.samples = Math.max(0, Math.min(this.#lasts, this.endSample - this.startSample));
    this.done = this.samples === 0;
  }
}
