/**
 * The audio of a meeting as a trace keeps it: its loudness for the lanes, and the sound itself as ADPCM, a few seconds a block.
 * Silence takes no room. Short meetings sound as they were sent; in long ones sound is halved to 8 kHz, as on a telephone, and
 * there is an end to it, so that the file stays one that can be opened.
 */
import { SAMPLE_RATE } from '../protocol/pcm.ts';
import { encodeAdpcm } from './adpcm.ts';
import { IntegerWriter } from './columns.ts';

/** 20 ms. */
const PEAK_SAMPLES = SAMPLE_RATE / 50;
/** Below this nobody hears anything: -60 dB. */
const SILENCE = 32;
/** So much silence belongs to what was said before it. */
const HANGOVER_SAMPLES = SAMPLE_RATE / 5;
/** Encoding one takes about a millisecond. */
const BLOCK_SAMPLES = 4 * SAMPLE_RATE;

/** The bytes that a file has of sound, of all its meetings. */
export interface SoundUse {
  bytes: number;
}

/** Bytes of ADPCM. Beyond the first, sound is halved; beyond the second, there is none. As base64 they are a third more. */
export interface SoundLimits {
  readonly wholeBytes: number;
  readonly bytes: number;
}
const SOUND_LIMITS: SoundLimits = { wholeBytes: 3_000_000, bytes: 18_000_000 };

/** A few seconds of one participant's sound. */
export interface SoundBlock {
  readonly participant: number;
  /** Position of its first sample, on the meeting's grid of 16 kHz. */
  readonly startSample: number;
  /** How long it lasts, on that grid. */
  readonly samples: number;
  /** 16,000 or 8,000. */
  readonly rate: number;
  readonly bytes: Uint8Array;
}

interface Track {
  /** What is still to be encoded; allocated while somebody can be heard. */
  buffer: Int16Array | undefined;
  length: number;
  startSample: number;
  /** Samples of silence at its end. */
  quiet: number;
  /** The loudest of the peak that is being counted, and its number. */
  peak: number;
  peakAt: number;
}

export class SoundTracks {
  readonly #onBlock: (block: SoundBlock) => void;
  readonly #limits: SoundLimits;
  readonly #tracks = new Map<number, Track>();
  #peaks = new PeakWriter();
  readonly #use: SoundUse;
  /** From where on there is no sound. */
  endSample: number | undefined;

  constructor(
    onBlock: (block: SoundBlock) => void,
    use: SoundUse = { bytes: 0 },
    limits: SoundLimits = SOUND_LIMITS,
  ) {
    this.#onBlock = onBlock;
    this.#use = use;
    this.#limits = limits;
  }

  /** The next audio of a participant. What leaves a gap behind the last, or lies before it, begins a new block. */
  add(participant: number, startSample: number, pcm: Int16Array): void {
    const track = this.#trackOf(participant);
    const isLoud = this.#listen(participant, track, startSample, pcm);
    if (track.buffer !== undefined && startSample !== track.startSample + track.length)
      this.#finish(participant, track);
    if (track.buffer === undefined && !isLoud) return;
    if (this.endSample !== undefined) return;
    this.#keep(participant, track, startSample, pcm);
    track.quiet = isLoud ? 0 : track.quiet + pcm.length;
    if (track.quiet >= HANGOVER_SAMPLES) this.#finish(participant, track);
  }

  /** The stream of a participant is over. */
  end(participant: number): void {
    const track = this.#tracks.get(participant);
    if (track !== undefined) this.#finish(participant, track);
  }

  /** What is not encoded yet is. */
  finish(): void {
    for (const [participant, track] of this.#tracks) {
      this.#finish(participant, track);
      this.#peaks.add(participant, track.peakAt, track.peak);
      track.peak = 0;
    }
  }

  /** The peaks since the last time, as `readPeaks` takes them; undefined for none. */
  takePeaks(): Uint8Array | undefined {
    return this.#peaks.take();
  }

  #trackOf(participant: number): Track {
    let track = this.#tracks.get(participant);
    if (track === undefined) {
      track = { buffer: undefined, length: 0, startSample: 0, quiet: 0, peak: 0, peakAt: 0 };
      this.#tracks.set(participant, track);
    }
    return track;
  }

  /** Counts its peaks. Returns whether any of it can be heard. */
  #listen(participant: number, track: Track, startSample: number, pcm: Int16Array): boolean {
    let loudest = 0;
    let at = 0;
    while (at < pcm.length) {
      const number = Math.floor((startSample + at) / PEAK_SAMPLES);
      if (number !== track.peakAt) {
        this.#peaks.add(participant, track.peakAt, track.peak);
        track.peak = 0;
        track.peakAt = number;
      }
      const end = Math.min(pcm.length, (number + 1) * PEAK_SAMPLES - startSample);
      let { peak } = track;
      for (; at < end; at++) {
        const level = Math.abs(pcm[at]!);
        if (level > peak) peak = level;
      }
      track.peak = peak;
      if (peak > loudest) loudest = peak;
    }
    return loudest > SILENCE;
  }

  #keep(participant: number, track: Track, startSample: number, pcm: Int16Array): void {
    for (let from = 0; from < pcm.length; ) {
      if (track.buffer === undefined) {
        track.buffer = new Int16Array(BLOCK_SAMPLES);
        track.length = 0;
        track.startSample = startSample + from;
      }
      const part = pcm.subarray(from, from + BLOCK_SAMPLES - track.length);
      track.buffer.set(part, track.length);
      track.length += part.length;
      from += part.length;
      if (track.length === BLOCK_SAMPLES) this.#finish(participant, track);
    }
  }

  #finish(participant: number, track: Track): void {
    const { buffer, length, startSample } = track;
    track.buffer = undefined;
    track.quiet = 0;
    if (buffer === undefined || length === 0) return;
    const isWhole = this.#use.bytes < this.#limits.wholeBytes;
    const pcm = buffer.subarray(0, length);
    const bytes = encodeAdpcm(isWhole ? pcm : halved(pcm));
    if (this.#use.bytes + bytes.length > this.#limits.bytes) {
      this.endSample ??= startSample;
      return;
    }
    this.#use.bytes += bytes.length;
    this.#onBlock({
      participant,
      startSample,
      samples: length,
      rate: isWhole ? SAMPLE_RATE : SAMPLE_RATE / 2,
      bytes,
    });
  }
}

/** A low-pass at 4 kHz: a sinc under a Hamming window, with as many samples on both sides. */
const REACH = 15;
const LOW_PASS = Float32Array.from({ length: 2 * REACH + 1 }, (_, index) => {
  const x = index - REACH;
  const sinc = x === 0 ? 0.5 : Math.sin((Math.PI * x) / 2) / (Math.PI * x);
  return sinc * (0.54 + 0.46 * Math.cos((Math.PI * x) / REACH));
});

/** Every second sample, without what lies above 4 kHz. Nothing moves in time. */
export function halved(pcm: Int16Array): Int16Array {
  const half = new Int16Array(Math.ceil(pcm.length / 2));
  for (let at = 0; at < half.length; at++) {
    let sum = 0;
    const first = 2 * at - REACH;
    for (let tap = Math.max(0, -first); tap < LOW_PASS.length && first + tap < pcm.length; tap++)
      sum += LOW_PASS[tap]! * pcm[first + tap]!;
    half[at] = Math.max(-32_768, Math.min(32_767, Math.round(sum)));
  }
  return half;
}

/** Peaks of all participants, in the order in which they were counted. Silence is left out. */
class PeakWriter {
  #numbers = new IntegerWriter();
  #count = 0;
  #last = 0;

  /** `level`: 0 to 32,768. */
  add(participant: number, number: number, level: number): void {
    const percent = Math.ceil((level * 100) / 32_768);
    if (percent === 0) return;
    this.#numbers.push(participant);
    this.#numbers.push(number - this.#last);
    this.#numbers.push(percent);
    this.#last = number;
    this.#count++;
  }

  take(): Uint8Array | undefined {
    if (this.#count === 0) return undefined;
    this.#count = 0;
    this.#last = 0;
    return this.#numbers.take();
  }
}
