/**
 * In which form a file holds its audio, whatever it says itself: rate, channels, byte order, depth, µ-law. The first reading
 * in which what was sent is found, exactly or by likeness, is the right one.
 */
import { SAMPLE_RATE } from '../../protocol/pcm.ts';
import type { ExactIndex } from './exact.ts';
import type { LossyIndex } from './lossy.ts';
import { narrowed } from './narrow.ts';

/** What a file holds, as it says: samples of 16 bits, channels interleaved. */
export interface Kept {
  readonly samples: Int16Array;
  readonly sampleRate: number;
  readonly channels: number;
  readonly remarks?: readonly Remark[] | undefined;
}

/** What there is to say about a file before anybody listens to it. `text` goes on behind the file's name. */
export interface Remark {
  readonly code: 'incomplete' | 'misnamed';
  readonly text: string;
}

/** One way to read a file. */
export interface Reading {
  readonly samples: Int16Array;
  readonly sampleRate: number;
  readonly channels: number;
  /** What is wrong with the file when this is the right way; undefined when it is as the file says. */
  readonly flaw?: { readonly code: FormCode; readonly text: string } | undefined;
}

export type FormCode = 'byte_swapped' | 'odd_byte' | 'mu_law' | 'eight_bit' | 'wrong_rate' | 'wrong_channels';

export interface RecognisedForm {
  readonly reading: Reading;
  readonly isExact: boolean;
}

const RATES = [8_000, 22_050, 24_000, 32_000, 44_100, 48_000] as const;
/** Looked at to choose a reading: this many pieces of a quarter of a second. */
const PIECES = 8;
const PIECE = 4_000;
/** Of the pieces that are not silent, the share that must be found. */
const ENOUGH = 0.2;
const SURE = 0.85;
const LIKELY = 0.7;

/** Undefined when nothing of what was sent is found in any reading. */
export function recogniseForm(
  kept: Kept,
  exact: ExactIndex,
  lossy: () => LossyIndex,
): RecognisedForm | undefined {
  for (const reading of exactReadings(kept)) if (isFound(reading, exact)) return { reading, isExact: true };
  let best: Reading | undefined;
  let most = LIKELY;
  for (const reading of lossyReadings(kept)) {
    const signal = narrowed(reading.samples, { rate: reading.sampleRate, channels: reading.channels });
    const likeness = lossy().likeness(signal);
    if (likeness <= most) continue;
    best = reading;
    most = likeness;
    if (likeness > SURE) break;
  }
  return best && { reading: best, isExact: false };
}

/** One channel of interleaved samples. */
export function channelOf({ samples, channels }: Reading, channel: number): Int16Array {
  if (channels === 1) return samples;
  const one = new Int16Array(Math.floor(samples.length / channels));
  for (let index = 0; index < one.length; index++) one[index] = samples[index * channels + channel]!;
  return one;
}

function isFound(reading: Reading, exact: ExactIndex): boolean {
  if (reading.samples.length === 0) return false;
  for (let channel = 0; channel < reading.channels; channel++) {
    const samples = channelOf(reading, channel);
    let found = 0;
    let heard = 0;
    for (let piece = 0; piece < PIECES; piece++) {
      const start = Math.floor((Math.max(0, samples.length - PIECE) * piece) / (PIECES - 1));
      const part = samples.subarray(start, start + PIECE);
      if (part.every((sample) => sample === 0)) continue;
      heard += part.length;
      for (const { length } of exact.locate(part)) found += length;
    }
    if (heard > 0 && found >= heard * ENOUGH) return true;
  }
  return false;
}

function* exactReadings({ samples, sampleRate, channels }: Kept): Generator<Reading> {
  const native = { samples, sampleRate: SAMPLE_RATE };
  yield {
    ...native,
    channels,
    flaw:
      sampleRate === SAMPLE_RATE
        ? undefined
        : {
            code: 'wrong_rate',
            text: `is written as ${sampleRate} Hz and holds 16000 Hz: it plays ${timesOf(sampleRate / SAMPLE_RATE)}`,
          },
  };
  const otherChannels = channels === 1 ? 2 : 1;
  yield {
    ...native,
    channels: otherChannels,
    flaw: {
      code: 'wrong_channels',
      text: `is written with ${counted(channels, 'channel')} and holds ${counted(otherChannels, 'channel')}`,
    },
  };
  yield {
    ...native,
    samples: samples.map((sample) => ((sample & 0xff) << 8) | ((sample >> 8) & 0xff)),
    channels,
    flaw: {
      code: 'byte_swapped',
      text: 'has the two bytes of each sample swapped: samples are little-endian',
    },
  };
  const bytes = bytesOf(samples);
  yield {
    ...native,
    samples: int16At(bytes, 1),
    channels,
    flaw: { code: 'odd_byte', text: 'is shifted by one byte: samples must begin at even bytes' },
  };
}

function* lossyReadings({ samples, sampleRate, channels }: Kept): Generator<Reading> {
  yield { samples, sampleRate, channels };
  const rated = (rate: number): Reading => ({
    samples,
    sampleRate: rate,
    channels,
    flaw: {
      code: 'wrong_rate',
      text: `is written as ${sampleRate} Hz and holds ${rate} Hz: it plays ${timesOf(sampleRate / rate)}`,
    },
  });
  if (sampleRate !== SAMPLE_RATE) yield rated(SAMPLE_RATE);
  for (const rate of RATES) if (rate !== sampleRate) yield rated(rate);
  const bytes = bytesOf(samples);
  const muLaw = Int16Array.from(bytes, muLawOf);
  const eightBit = Int16Array.from(bytes, (byte) => (byte - 128) * 256);
  for (const rate of [SAMPLE_RATE, 8_000]) {
    yield {
      samples: muLaw,
      sampleRate: rate,
      channels,
      flaw: { code: 'mu_law', text: `holds µ-law at ${rate} Hz instead of 16-bit samples` },
    };
    yield {
      samples: eightBit,
      sampleRate: rate,
      channels,
      flaw: { code: 'eight_bit', text: `holds 8-bit samples at ${rate} Hz instead of 16-bit ones` },
    };
  }
  if (channels !== 1) return;
  for (const rate of [SAMPLE_RATE, 44_100, 48_000])
    yield {
      samples,
      sampleRate: rate,
      channels: 2,
      flaw: { code: 'wrong_channels', text: `is written with 1 channel and holds 2 channels at ${rate} Hz` },
    };
}

function bytesOf(samples: Int16Array): Uint8Array {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}

function int16At(bytes: Uint8Array, offset: number): Int16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Math.max(0, Math.floor((bytes.length - offset) / 2));
  return Int16Array.from({ length }, (_, index) => view.getInt16(offset + 2 * index, true));
}

/** ITU-T G.711. */
function muLawOf(byte: number): number {
  const code = ~byte & 0xff;
  const magnitude = (((code & 0x0f) << 3) + 0x84) << ((code & 0x70) >> 4);
  return code & 0x80 ? 0x84 - magnitude : magnitude - 0x84;
}

/** `3 times too fast`, of how much faster it plays than it should. */
function timesOf(speed: number): string {
  const times = (value: number): string => Number(value.toFixed(2)).toString();
  return speed > 1 ? `${times(speed)} times too fast` : `${times(1 / speed)} times too slow`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
