/** What decoders give back, and the one place where their output is counted: a small file may claim days of audio. */
import { AudioError } from '../../errors.ts';
import { BYTES_PER_SAMPLE } from '../../protocol/pcm.ts';

/** Samples of 16 bits as the file has them: at its own rate, channels interleaved. */
export interface Decoded {
  readonly samples: Int16Array;
  readonly sampleRate: number;
  readonly channels: number;
  /** Why not all of the file could be read; what could be is in `samples`. */
  readonly damage?: string | undefined;
}

/** Half a minute. */
const FIRST_SAMPLES = 512 * 1024;
/** What has so many errors is not worth the time that it takes. */
export const MAX_ERRORS = 1_000;

/** Nothing could be decoded. */
export function undecodable(
  path: string,
  why: string,
  hint = 'Play it in another program: is it whole?',
): AudioError {
  return new AudioError('audio_undecodable', `${path} cannot be decoded: ${why}.`, { hint });
}

export function tooLong(path: string, maxBytes: number): AudioError {
  return new AudioError('audio_too_long', `${path} has more than ${maxBytes} bytes of audio.`, {
    hint: 'Cut it into parts.',
  });
}

/** Decoded samples on their way, at most `maxBytes` of them. */
export class DecodedSamples {
  readonly #path: string;
  readonly #maxBytes: number;
  /** One that grows, not a list of parts: a hostile file is made of millions. */
  #samples = new Int16Array(FIRST_SAMPLES);
  #length = 0;

  constructor(path: string, maxBytes: number) {
    this.#path = path;
    this.#maxBytes = maxBytes;
  }

  get length(): number {
    return this.#length;
  }

  /** The first `length` samples of each channel, -1 to 1. Throws an `AudioError` (`audio_too_long`). */
  add(channels: readonly Float32Array[], length: number, gain = 1): void {
    const count = channels.length;
    const end = this.#length + length * count;
    if (end * BYTES_PER_SAMPLE > this.#maxBytes) throw tooLong(this.#path, this.#maxBytes);
    if (end > this.#samples.length) {
      const larger = new Int16Array(Math.max(end, 2 * this.#samples.length));
      larger.set(this.#samples);
      this.#samples = larger;
    }
    for (let channel = 0; channel < count; channel++) {
      const from = channels[channel]!;
      for (let index = 0, at = this.#length + channel; index < length; index++, at += count)
        this.#samples[at] = Math.max(-32_768, Math.min(32_767, Math.round(from[index]! * gain * 32_768)));
    }
    this.#length = end;
  }

  all(): Int16Array {
    return this.#samples.subarray(0, this.#length);
  }
}

/** The libraries print what they dislike, and at once; we tell it in our words. */
export function quietly<T>(work: () => T): T {
  const { error } = console;
  console.error = () => {};
  try {
    return work();
  } finally {
    console.error = error;
  }
}

/** Whether a library's own code, which runs in WebAssembly, gave up: the next file has a new one. */
export function isTrap(error: unknown): boolean {
  return error instanceof Error && error.name === 'RuntimeError';
}
