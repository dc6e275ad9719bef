/**
 * A microphone from outside as somebody's audio: samples come as they are captured, and leave as frames when those fall due. What is
 * between is a jitter buffer: as short as what comes lets it be.
 */

import { rms } from '../../audio/level.ts';
import type { AudioReader, AudioSource } from '../../audio/source.ts';
import { SAMPLE_RATE } from '../../protocol/pcm.ts';

/** What is behind by more is left out: half a second. */
const MAX_SAMPLES = SAMPLE_RATE / 2;
/** What was left over of all reads of this time was too much. */
const TRIM_EVERY_SAMPLES = 2 * SAMPLE_RATE;
/** Is kept in reserve. */
const RESERVE_SAMPLES = SAMPLE_RATE / 50;

/** From here on somebody speaks, and for so long after. */
const SPEECH_LEVEL = 0.012;
const HANGOVER_SAMPLES = (SAMPLE_RATE * 7) / 10;

export interface MicrophoneOptions {
  /** Somebody begins to speak, or ends. */
  onSpeech(on: boolean): void;
  /** What was captured at `stamp`, on the clock of whoever captured it, has just left. */
  onSent(stamp: number): void;
}

interface Packet {
  readonly pcm: Int16Array;
  /** When its first sample was captured. */
  readonly stamp: number;
}

export class Microphone {
  readonly #options: MicrophoneOptions;
  readonly #packets: Packet[] = [];
  /** Samples of the first packet that have been read. */
  #offset = 0;
  #waiting = 0;
  /** The least that was left over by the reads since the last trim. */
  #leastLeft = Number.POSITIVE_INFINITY;
  #sinceTrim = 0;
  #quietSamples = HANGOVER_SAMPLES;
  #speaks = false;

  constructor(options: MicrophoneOptions) {
    this.#options = options;
  }

  /** Samples as they were captured, mono at 16 kHz. */
  push(pcm: Int16Array, stamp: number): void {
    this.#packets.push({ pcm, stamp });
    this.#waiting += pcm.length;
    if (this.#waiting > MAX_SAMPLES) this.#skip(this.#waiting - MAX_SAMPLES);
  }

  /** Nothing of what waits is wanted any more: they are muted. */
  clear(): void {
    this.#packets.length = 0;
    this.#offset = 0;
    this.#waiting = 0;
    this.#listen(new Int16Array(HANGOVER_SAMPLES));
  }

  /** So many samples of it, from the moment they are read on. */
  source(samples: number): AudioSource {
    return { samples, open: (): AudioReader => ({ read: (into) => this.#read(into), close: () => {} }) };
  }

  /** What has not come yet is silence, in front of what has: so the next read finds all of its samples. */
  #read(into: Int16Array): void {
    const missing = Math.max(0, into.length - this.#waiting);
    into.fill(0, 0, missing);
    const stamp = this.#take(into.subarray(missing));
    this.#leastLeft = Math.min(this.#leastLeft, this.#waiting);
    this.#sinceTrim += into.length;
    if (this.#sinceTrim >= TRIM_EVERY_SAMPLES) this.#trim();
    this.#listen(into);
    if (stamp !== undefined) this.#options.onSent(stamp);
  }

  /** Returns when the first of them was captured. */
  #take(into: Int16Array): number | undefined {
    const first = this.#packets[0];
    const stamp = first && first.stamp + (this.#offset * 1_000) / SAMPLE_RATE;
    for (let filled = 0; filled < into.length; ) {
      const { pcm } = this.#packets[0]!;
      const part = pcm.subarray(this.#offset, this.#offset + into.length - filled);
      into.set(part, filled);
      filled += part.length;
      this.#advance(part.length);
    }
    return into.length === 0 ? undefined : stamp;
  }

  #skip(samples: number): void {
    for (let left = samples; left > 0; ) {
      const part = Math.min(left, this.#packets[0]!.pcm.length - this.#offset);
      left -= part;
      this.#advance(part);
    }
  }

  #advance(samples: number): void {
    this.#offset += samples;
    this.#waiting -= samples;
    if (this.#offset < this.#packets[0]!.pcm.length) return;
    this.#packets.shift();
    this.#offset = 0;
  }

  #trim(): void {
    const excess = this.#leastLeft - RESERVE_SAMPLES;
    if (excess > RESERVE_SAMPLES) this.#skip(Math.min(excess, this.#waiting));
    this.#leastLeft = Number.POSITIVE_INFINITY;
    this.#sinceTrim = 0;
  }

  #listen(pcm: Int16Array): void {
    this.#quietSamples = rms(pcm) >= SPEECH_LEVEL ? 0 : this.#quietSamples + pcm.length;
    const speaks = this.#quietSamples < HANGOVER_SAMPLES;
    if (speaks === this.#speaks) return;
    this.#speaks = speaks;
    this.#options.onSpeech(speaks);
  }
}
