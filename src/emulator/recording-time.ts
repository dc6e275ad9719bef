/** Where a recording stands: its positions in samples, in seconds and on the pacer's clock. */
import { SAMPLE_RATE } from '../protocol/pcm.ts';
import type { Interval } from '../scenario/timeline.ts';
import type { Clock } from './clock.ts';
import { PHASE_STEP } from './pacer.ts';

export class RecordingTime {
  readonly clock: Clock;
  /** The clock's time of position 0. */
  originMs = 0;
  /** When the recording started, in microseconds since the epoch. */
  startMicros = 0;
  #begun = false;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  get begun(): boolean {
    return this.#begun;
  }

  /** Position 0 is now. `startMicros` undefined: what the computer's clock says. */
  begin(startMicros: number | undefined): void {
    this.#begun = true;
    this.originMs = this.clock.now();
    this.startMicros = startMicros ?? Math.round(Date.now() * 1_000);
  }

  /** Seconds into the meeting; 0 before it. */
  get elapsedSeconds(): number {
    return this.#begun ? Math.max(0, (this.clock.now() - this.originMs) / 1_000) : 0;
  }

  /** The position of this moment, in samples since the recording started. */
  get nowSample(): number {
    return Math.round(this.elapsedSeconds * SAMPLE_RATE);
  }

  /** The clock's time of a position, without the phase that spreads streams. */
  timeOfSample(sample: number): number {
    return this.originMs + (sample * 1_000) / SAMPLE_RATE;
  }

  /**
   * The clock's time of a stream's position 0. In real time participants are spread over a frame's length, so that they do not
   * all fall due at once; a participant's own order and distances stay as they are.
   */
  originOf({ participant }: Interval, frameMs: number): number {
    return this.originMs + (this.clock.virtual ? 0 : ((participant * PHASE_STEP) % 1) * frameMs);
  }
}
