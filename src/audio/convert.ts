/**
 * Makes native audio (mono S16LE at 16 kHz) of any other WAV, a piece at a time, so that memory does not grow with the file.
 * `wavefile` decodes the samples, libsamplerate changes the rate.
 */
import { createRequire } from 'node:module';
import { AudioError } from '../errors.ts';
import { SAMPLE_RATE } from '../protocol/pcm.ts';
import type { ReadAt, WavFormat, WavLayout } from './wav-layout.ts';

// Both packages are CommonJS. What `import` gives for those differs between Node and loaders such as tsx; `require` gives the
// same everywhere.
const require = createRequire(import.meta.url);

/** Loaded when it is first needed: it is large, and most files are native. */
function waveFile(): typeof import('wavefile').WaveFile {
  return (require('wavefile') as typeof import('wavefile')).WaveFile;
}

/** What is read and decoded at once, in bytes. */
const PIECE_BYTES = 256 * 1024;

/** How many samples a file has once it is native; at least one. */
export function nativeSamples({ sampleRate, channels, bitsPerSample, dataBytes }: WavLayout): number {
  const blocks = dataBytes / (channels * (bitsPerSample / 8));
  return Math.max(1, Math.round((blocks * SAMPLE_RATE) / sampleRate));
}

/**
 * The native samples, in pieces, `nativeSamples` in all. Throws an `AudioError` (`wav_truncated`) when the file has become
 * shorter than it was.
 */
export async function* convertWav(layout: WavLayout, read: ReadAt, file: string): AsyncGenerator<Int16Array> {
  const { channels, bitsPerSample, sampleRate, dataOffset, dataBytes } = layout;
  const blockBytes = channels * (bitsPerSample / 8);
  const pieceBytes = Math.max(1, Math.floor(PIECE_BYTES / blockBytes)) * blockBytes;
  const resampler = sampleRate === SAMPLE_RATE ? undefined : await createResampler(sampleRate);
  let left = nativeSamples(layout);
  const take = (samples: Float32Array): Int16Array => {
    const part = toInt16(samples.subarray(0, left));
    left -= part.length;
    return part;
  };
  try {
    for (let at = 0; at < dataBytes; at += pieceBytes) {
      const wanted = Math.min(pieceBytes, dataBytes - at);
      const data = await read(dataOffset + at, wanted);
      if (data.length < wanted)
        throw new AudioError('wav_truncated', `${file} became shorter while it was read.`);
      const mono = mixDown(decodeSamples(layout, data), channels);
      yield take(resampler === undefined ? mono : resampler.convert(mono));
    }
    if (resampler !== undefined) yield take(resampler.flush());
    // A few samples may be missing at the end to rounding: silence.
    if (left > 0) yield take(new Float32Array(left));
  } finally {
    resampler?.destroy();
  }
}

/** Interleaved samples, -1 to 1. */
function decodeSamples(format: WavFormat, data: Uint8Array): Float32Array {
  const { channels, sampleRate, bitsPerSample, encoding } = format;
  const WaveFile = waveFile();
  // Only what has been checked is handed on: a header of our own and the samples.
  const depth = encoding === 'int' ? String(bitsPerSample) : bitsPerSample === 32 ? '32f' : '64';
  const blank = new WaveFile();
  blank.fromScratch(channels, sampleRate, depth, new Float64Array(0));
  const header = blank.toBuffer();
  const whole = Buffer.concat([header, data, new Uint8Array(data.length % 2)]);
  whole.writeUInt32LE(whole.length - 8, 4);
  whole.writeUInt32LE(data.length, header.length - 4);
  const wav = new WaveFile(whole);
  const scale = encoding === 'float' ? 1 : 2 ** (bitsPerSample - 1);
  const offset = encoding === 'int' && bitsPerSample === 8 ? 128 : 0;
  const interleaved = wav.getSamples(true, Float64Array) as unknown as Float64Array;
  // Plain loops: `from` with a function takes ten times as long, and files are long.
  const samples = new Float32Array(interleaved.length);
  for (let index = 0; index < samples.length; index++)
    samples[index] = (interleaved[index]! - offset) / scale;
  return samples;
}

function mixDown(interleaved: Float32Array, channels: number): Float32Array {
  if (channels === 1) return interleaved;
  const mono = new Float32Array(Math.floor(interleaved.length / channels));
  for (let index = 0; index < mono.length; index++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += interleaved[index * channels + channel]!;
    mono[index] = sum / channels;
  }
  return mono;
}

interface Resampler {
  /** What can be told of the output so far: the filter looks ahead. */
  convert(mono: Float32Array): Float32Array;
  /** The rest. */
  flush(): Float32Array;
  destroy(): void;
}

/** Silence behind the input, so that the converter gives its last samples, too. */
const FLUSH_SECONDS = 0.05;
const LIBRARY_MAX_RATE = 192_000;
/** The library cuts larger inputs itself, which goes wrong for some rates. */
const LIBRARY_SAMPLES = 16 * 1024;

async function createResampler(sampleRate: number): Promise<Resampler> {
  const { create, ConverterType } =
    require('@alexanderolsen/libsamplerate-js') as typeof import('@alexanderolsen/libsamplerate-js');
  // The library takes no rate above 192 kHz; only the ratio counts.
  const divisor = Math.ceil(sampleRate / LIBRARY_MAX_RATE);
  const converter = await create(1, sampleRate / divisor, SAMPLE_RATE / divisor, {
    converterType: ConverterType.SRC_SINC_MEDIUM_QUALITY,
  });
  const convert = (mono: Float32Array): Float32Array => {
    const parts: Float32Array[] = [];
    for (let at = 0; at < mono.length; at += LIBRARY_SAMPLES) {
      // Not a number has no place in a filter: one would silence everything behind it.
      const clean = mono
        .subarray(at, at + LIBRARY_SAMPLES)
        .map((sample) => (Number.isFinite(sample) ? sample : 0));
      parts.push(converter.full(clean));
    }
    const joined = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
    let filled = 0;
    for (const part of parts) {
      joined.set(part, filled);
      filled += part.length;
    }
    return joined;
  };
  return {
    convert,
    flush: () => convert(new Float32Array(Math.ceil(sampleRate * FLUSH_SECONDS))),
    destroy: () => converter.destroy(),
  };
}

function toInt16(samples: Float32Array): Int16Array {
  const pcm = new Int16Array(samples.length);
  for (let index = 0; index < pcm.length; index++)
    pcm[index] = Math.max(-32_768, Math.min(32_767, Math.round(samples[index]! * 32_768) || 0));
  return pcm;
}
