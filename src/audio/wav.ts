/**
 * WAV in and out. Whatever PCM or float WAV comes in becomes mono S16LE at 16 kHz; what already is that is not copied.
 * The chunks are checked here first, because a file from outside may claim anything; `wavefile` decodes the samples.
 */
import { AudioError } from '../errors.ts';
import { BYTES_PER_SAMPLE, SAMPLE_RATE } from './format.ts';

/** What a WAV header says, and where its samples are. */
export interface WavLayout {
  readonly encoding: 'int' | 'float';
  readonly channels: number;
  readonly sampleRate: number;
  readonly bitsPerSample: number;
  readonly dataOffset: number;
  readonly dataBytes: number;
}

const FORMAT_PCM = 1;
const FORMAT_FLOAT = 3;
const FORMAT_EXTENSIBLE = 0xfffe;
const COMPRESSED: Readonly<Record<number, string>> = {
  2: 'Microsoft ADPCM',
  6: 'A-law',
  7: 'µ-law',
  17: 'IMA ADPCM',
  49: 'GSM 6.10',
  80: 'MPEG',
  85: 'MP3',
  255: 'AAC',
  353: 'Windows Media Audio',
};
const MAX_CHANNELS = 64;
const MAX_SAMPLE_RATE = 768_000;

/** Whether the samples can be used as they are. */
export function isNative(layout: WavLayout): boolean {
  const { encoding, channels, sampleRate, bitsPerSample } = layout;
  return encoding === 'int' && channels === 1 && sampleRate === SAMPLE_RATE && bitsPerSample === 16;
}

/**
 * Reads the header. `head` is the file's beginning and must reach the samples; `fileBytes` the whole file's length.
 * A writer that streams leaves the data length 0 or 0xFFFFFFFF when it cannot seek back: then the samples go to the end of
 * the file. Throws an `AudioError`: `not_a_wav`, `wav_truncated`, `wav_compressed`, `wav_empty`, `wav_unsupported`.
 */
export function readWavLayout(head: Uint8Array, fileBytes: number, file = 'audio'): WavLayout {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const id = (at: number): string => String.fromCharCode(...head.subarray(at, at + 4));
  if (fileBytes === 0)
    throw new AudioError('wav_empty', `${file} is empty.`, { hint: 'Give a WAV file with audio.' });
  if (head.length < 12 || id(0) !== 'RIFF' || id(8) !== 'WAVE') {
    throw new AudioError('not_a_wav', `${file} is not a WAV file.`, {
      hint: 'It must begin with RIFF and WAVE; name raw 16 kHz S16LE audio .pcm or .raw, and convert anything else.',
    });
  }
  let format: Omit<WavLayout, 'dataOffset' | 'dataBytes'> | undefined;
  for (let at = 12; at + 8 <= head.length; ) {
    const chunk = id(at);
    const size = view.getUint32(at + 4, true);
    const body = at + 8;
    if (chunk === 'fmt ') {
      if (size < 16 || body + Math.min(size, 40) > head.length)
        throw truncated(file, 'its format chunk is cut off');
      format = readFormat(view, body, size, file);
    } else if (chunk === 'data') {
      if (format === undefined) {
        throw new AudioError('wav_unsupported', `${file} has samples before its format.`, {
          hint: 'Write it again with another tool.',
        });
      }
      const present = fileBytes - body;
      const streamed = size === 0xffff_ffff || (size === 0 && present > 0);
      if (!streamed && size > present)
        throw truncated(file, `it claims ${size} bytes of samples and has ${present}`);
      const blockBytes = (format.bitsPerSample / 8) * format.channels;
      const usable = streamed ? present - (present % blockBytes) : size;
      if (usable === 0)
        throw new AudioError('wav_empty', `${file} has no samples.`, { hint: 'Give a WAV file with audio.' });
      if (usable % blockBytes !== 0)
        throw truncated(file, `its ${usable} bytes of samples are not whole samples`);
      return { ...format, dataOffset: body, dataBytes: usable };
    }
    at = body + size + (size % 2);
  }
  throw truncated(file, 'it has no samples');
}

function readFormat(
  view: DataView,
  at: number,
  size: number,
  file: string,
): Omit<WavLayout, 'dataOffset' | 'dataBytes'> {
  let code = view.getUint16(at, true);
  const channels = view.getUint16(at + 2, true);
  const sampleRate = view.getUint32(at + 4, true);
  const bitsPerSample = view.getUint16(at + 14, true);
  // The extensible form keeps the real code at the head of its sub-format GUID.
  if (code === FORMAT_EXTENSIBLE && size >= 40) code = view.getUint16(at + 24, true);
  const unsupported = (what: string): AudioError =>
    new AudioError('wav_unsupported', `${file} has ${what}.`, {
      hint: 'Use 8, 16, 24 or 32-bit integers or 32-bit floats.',
    });
  if (code !== FORMAT_PCM && code !== FORMAT_FLOAT) {
    throw new AudioError(
      'wav_compressed',
      `${file} is compressed (${COMPRESSED[code] ?? `format code ${code}`}).`,
      {
        hint: 'Convert it to PCM, for example with: sox in.wav -r 16000 -c 1 -b 16 -e signed out.wav',
      },
    );
  }
  const depths = code === FORMAT_PCM ? [8, 16, 24, 32] : [32, 64];
  if (!depths.includes(bitsPerSample))
    throw unsupported(`${bitsPerSample}-bit ${code === FORMAT_PCM ? 'integer' : 'float'} samples`);
  if (channels < 1 || channels > MAX_CHANNELS) throw unsupported(`${channels} channels`);
  if (sampleRate < 1_000 || sampleRate > MAX_SAMPLE_RATE)
    throw unsupported(`a sample rate of ${sampleRate} Hz`);
  return { encoding: code === FORMAT_PCM ? 'int' : 'float', channels, sampleRate, bitsPerSample };
}

function truncated(file: string, what: string): AudioError {
  return new AudioError('wav_truncated', `${file} is truncated: ${what}.`, {
    hint: 'Copy or record it again.',
  });
}

/** All samples of a WAV as mono 16 kHz. Native audio is a view of `bytes`, not a copy. Throws an `AudioError`. */
export async function decodeWav(bytes: Uint8Array, file = 'audio'): Promise<Int16Array> {
  const layout = readWavLayout(bytes, bytes.length, file);
  const data = bytes.subarray(layout.dataOffset, layout.dataOffset + layout.dataBytes);
  if (isNative(layout)) return int16View(data);
  const mono = mixDown(await decodeSamples(layout, data), layout.channels);
  const { sampleRate } = layout;
  return toInt16(sampleRate === SAMPLE_RATE ? mono : await resample(mono, sampleRate));
}

/** S16LE bytes as samples: a view where alignment allows, else a copy. */
export function int16View(bytes: Uint8Array): Int16Array {
  const length = Math.floor(bytes.byteLength / BYTES_PER_SAMPLE);
  if (bytes.byteOffset % BYTES_PER_SAMPLE === 0)
    return new Int16Array(bytes.buffer, bytes.byteOffset, length);
  return new Int16Array(bytes.slice(0, length * BYTES_PER_SAMPLE).buffer);
}

/** Interleaved samples, -1 to 1. */
async function decodeSamples(layout: WavLayout, data: Uint8Array): Promise<Float32Array> {
  const { default: wavefile } = await import('wavefile');
  // Only what has been checked is handed on: a header of our own and the samples.
  const { channels, sampleRate, bitsPerSample, encoding } = layout;
  const depth = encoding === 'int' ? String(bitsPerSample) : bitsPerSample === 32 ? '32f' : '64';
  const blank = new wavefile.WaveFile();
  blank.fromScratch(channels, sampleRate, depth, new Float64Array(0));
  const header = blank.toBuffer();
  const whole = Buffer.concat([header, data, new Uint8Array(data.length % 2)]);
  whole.writeUInt32LE(whole.length - 8, 4);
  whole.writeUInt32LE(data.length, header.length - 4);
  const wav = new wavefile.WaveFile(whole);
  const scale = encoding === 'float' ? 1 : 2 ** (bitsPerSample - 1);
  const offset = encoding === 'int' && bitsPerSample === 8 ? 128 : 0;
  const interleaved = wav.getSamples(true, Float64Array);
  return Float32Array.from(interleaved, (sample) => (sample - offset) / scale);
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

/** Silence behind the input, so that the converter gives its last samples, too. */
const FLUSH_SECONDS = 0.05;

const LIBRARY_MAX_RATE = 192_000;

async function resample(mono: Float32Array, sampleRate: number): Promise<Float32Array> {
  const { default: samplerate } = await import('@alexanderolsen/libsamplerate-js');
  const { create, ConverterType } = samplerate;
  // The library takes no rate above 192 kHz; only the ratio counts.
  const divisor = Math.ceil(sampleRate / LIBRARY_MAX_RATE);
  const converter = await create(1, sampleRate / divisor, SAMPLE_RATE / divisor, {
    converterType: ConverterType.SRC_SINC_MEDIUM_QUALITY,
  });
  try {
    const padded = new Float32Array(mono.length + Math.ceil(sampleRate * FLUSH_SECONDS));
    // Not a number has no place in a filter: one would silence everything behind it.
    padded.set(mono.map((sample) => (Number.isFinite(sample) ? sample : 0)));
    const wanted = Math.max(1, Math.round((mono.length * SAMPLE_RATE) / sampleRate));
    const output = new Float32Array(wanted);
    output.set(converter.full(padded).subarray(0, wanted));
    return output;
  } finally {
    converter.destroy();
  }
}

function toInt16(samples: Float32Array): Int16Array {
  return Int16Array.from(samples, (sample) =>
    Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768) || 0)),
  );
}

/** The 44 bytes before the samples of a native WAV file. */
export async function wavHeader(dataBytes: number): Promise<Buffer> {
  const { default: wavefile } = await import('wavefile');
  const blank = new wavefile.WaveFile();
  blank.fromScratch(1, SAMPLE_RATE, '16', new Int16Array(0));
  const header = Buffer.from(blank.toBuffer());
  header.writeUInt32LE(header.length - 8 + dataBytes, 4);
  header.writeUInt32LE(dataBytes, header.length - 4);
  return header;
}

/** A whole native WAV file. */
export async function encodeWav(pcm: Int16Array): Promise<Buffer> {
  const data = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  return Buffer.concat([await wavHeader(data.length), data]);
}
