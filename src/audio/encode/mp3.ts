/**
 * MP3 by LAME: 16 kHz, one channel, 64 kbit/s. All frames have one length at that rate, and the first of them says how much
 * there is and what the encoder has put before and behind the audio, so that players leave that out.
 */
import { SAMPLE_RATE } from '../../protocol/pcm.ts';

const KILOBITS = 64;
/** Of MPEG-2 layer III. */
export const MP3_FRAME_SAMPLES = 576;
/** Exact: there is no padding at these rates. */
export const MP3_FRAME_BYTES = (MP3_FRAME_SAMPLES * KILOBITS * 1_000) / 8 / SAMPLE_RATE;
/** Samples that LAME puts before the audio. */
const ENCODER_DELAY = 576;
/** Samples that come out of a decoder before those that went into the encoder. */
export const MP3_DELAY_SAMPLES = ENCODER_DELAY + 529;

/** Header of a frame of MPEG-2 layer III, 64 kbit/s, 16 kHz, one channel, no checksum. */
const FRAME_HEADER = [0xff, 0xf3, 0x88, 0xc4] as const;
/** Behind the header and the side information of one channel. */
const INFO_OFFSET = 4 + 9;
/** Its fields: how many frames, how many bytes. */
const INFO_FIELDS = 0b11;
const LAME_OFFSET = INFO_OFFSET + 16;
/** Encoder delay and padding, twelve bits each, behind the name and what is said of the quality. */
const GAP_OFFSET = LAME_OFFSET + 21;

export class Mp3Encoder {
  readonly #lame: Lame;
  #samples = 0;
  #bytes = 0;

  private constructor(lame: Lame) {
    this.#lame = lame;
  }

  static async create(): Promise<Mp3Encoder> {
    const { createMp3Encoder } = await import('wasm-media-encoders');
    const lame = await createMp3Encoder();
    lame.configure({
      channels: 1,
      sampleRate: SAMPLE_RATE,
      bitrate: KILOBITS,
      outputSampleRate: SAMPLE_RATE,
    });
    return new Mp3Encoder(lame);
  }

  /** What is ready of it; all frames come behind the place for `info`. The bytes are the caller's. */
  encode(pcm: Int16Array): Uint8Array {
    this.#samples += pcm.length;
    return this.#take(this.#lame.encode([Float32Array.from(pcm, (sample) => sample / 32_768)]));
  }

  /** The last frames. */
  finish(): Uint8Array {
    return this.#take(this.#lame.finalize());
  }

  /** The first frame of the file, when all others are there. */
  info(): Uint8Array {
    const frames = this.#bytes / MP3_FRAME_BYTES;
    // What LAME makes has whole frames, or is not what this file says it is.
    if (!Number.isInteger(frames))
      throw new Error(`LAME gave ${this.#bytes} bytes, which are no whole frames`);
    const frame = Buffer.alloc(MP3_FRAME_BYTES);
    frame.set(FRAME_HEADER);
    frame.write('Info', INFO_OFFSET, 'latin1');
    frame.writeUInt32BE(INFO_FIELDS, INFO_OFFSET + 4);
    frame.writeUInt32BE(frames, INFO_OFFSET + 8);
    frame.writeUInt32BE(this.#bytes + MP3_FRAME_BYTES, INFO_OFFSET + 12);
    frame.write('LAME3.100', LAME_OFFSET, 'latin1');
    const padding = Math.min(0xfff, frames * MP3_FRAME_SAMPLES - ENCODER_DELAY - this.#samples);
    frame.writeUIntBE((ENCODER_DELAY << 12) | padding, GAP_OFFSET, 3);
    return frame;
  }

  #take(bytes: Uint8Array): Uint8Array {
    this.#bytes += bytes.length;
    return bytes.slice();
  }
}

/** As the library has it. */
interface Lame {
  configure(options: object): void;
  encode(channels: readonly Float32Array[]): Uint8Array;
  finalize(): Uint8Array;
}
