/**
 * The mix of a recording while it runs: chunks of one length, each made late enough for everybody's audio to be there. Pauses
 * are left out. Knows nothing of messages and files.
 */

import { SAMPLE_RATE } from '../protocol/pcm.ts';
import { Mixer } from './mixer.ts';
import type { Session } from './session.ts';

/** `audio_mixed_raw.data` comes in chunks of 200 ms ("Mixed Audio (real-time)", 2026). */
export const DEFAULT_MIXED_FRAME_MS = 200;

/** A process that was held up is ahead with one participant and behind with another by no more than this. */
const MAX_AHEAD_SAMPLES = 64 * SAMPLE_RATE;

export interface MixedAudioOptions {
  readonly session: Session;
  readonly frameMs: number;
  /** The samples are valid during the call only. */
  onChunk(startSample: number, pcm: Int16Array): void;
}

interface Pause {
  readonly from: number;
  /** Undefined while it lasts. */
  to: number | undefined;
}

export class MixedAudio {
  /** Audio that came when its place in the mix had been told already. */
  leftOutSamples = 0;
  readonly #options: MixedAudioOptions;
  readonly #mixer = new Mixer(MAX_AHEAD_SAMPLES);
  readonly #chunk: Int16Array;
  /** Those that the mix has not come to. */
  readonly #pauses: Pause[] = [];
  #cancel: () => void = () => {};

  constructor(options: MixedAudioOptions) {
    this.#options = options;
    this.#chunk = new Int16Array(Math.round((options.frameMs * SAMPLE_RATE) / 1_000));
  }

  /** The recording has begun. Chunks come as tasks of the session. */
  start(): void {
    const { session } = this.#options;
    const guardMs = this.#guardMs();
    const chunkMs = (this.#chunk.length * 1_000) / SAMPLE_RATE;
    this.#cancel = session.tasks.add(session.timeOfSample(this.#chunk.length) + guardMs, {
      run: (dueMs) => {
        const sinceStartMs = dueMs - guardMs - session.timeOfSample(0);
        this.mixUntil(Math.round((sinceStartMs * SAMPLE_RATE) / 1_000));
        return dueMs + chunkMs;
      },
    });
  }

  /** The recording ends: what is left is mixed with `mixUntil`. */
  stop(): void {
    this.#cancel();
  }

  add(startSample: number, pcm: Int16Array): void {
    this.leftOutSamples += this.#mixer.add(startSample, pcm);
  }

  pause(sample: number): void {
    this.#pauses.push({ from: sample, to: undefined });
  }

  resume(sample: number): void {
    const pause = this.#pauses.at(-1);
    if (pause !== undefined) pause.to ??= sample;
  }

  /** Mixes what lies before a position: nothing more is to come there. */
  mixUntil(sample: number): void {
    for (;;) {
      const { position } = this.#mixer;
      const pause = this.#pauses[0];
      if (pause !== undefined && position >= pause.from) {
        if (pause.to === undefined) return;
        this.#mixer.skipTo(pause.to);
        this.#pauses.shift();
        continue;
      }
      // Chunks lie on one grid, also behind a pause.
      const gridSample = (Math.floor(position / this.#chunk.length) + 1) * this.#chunk.length;
      const end = Math.min(gridSample, sample, pause?.from ?? sample);
      if (end <= position) return;
      const chunk = this.#chunk.subarray(0, end - position);
      this.#mixer.read(chunk);
      this.#options.onChunk(position, chunk);
    }
  }

  /**
   * How much later than its last sample a chunk is made. In real time a frame falls due when its last sample has been
   * spoken, and up to a frame later because participants are spread; in virtual time, at its first sample.
   */
  #guardMs(): number {
    const { timeline, options } = this.#options.session;
    if (options.pacer.clock.virtual) return 1;
    // A capture has frames of its own lengths.
    const captured = timeline.streams
      .filter(({ framing }) => framing === 'by_segment')
      .flatMap(({ segments }) => segments.map(({ startSample, endSample }) => endSample - startSample));
    const longestCaptured = captured.reduce((longest, samples) => Math.max(longest, samples), 0);
    const longestMs = Math.max(...options.frameMs, (longestCaptured * 1_000) / SAMPLE_RATE);
    return longestMs + Math.min(...options.frameMs) + 1;
  }
}
