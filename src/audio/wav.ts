/**
 * WAV in and out: what a header says, checked, because a file from outside may claim anything; and native files (mono S16LE
 * at 16 kHz) from samples. What is not native is converted by convert.ts.
 */
import { AudioError } from '../errors.ts';
import { BYTES_PER_SAMPLE, SAMPLE_RATE, sampleView } from '../protocol/pcm.ts';
import { convertWav, nativeSamples } from './convert.ts';
import type { ReadAt, WavFormat, WavLayout } from './wav-layout.ts';

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

/** No real file has so many; one that does is made to keep us busy. */
const MAX_CHUNKS = 10_000;
/** As much of a format chunk as has a meaning here. */
const FORMAT_BYTES = 40;

/**
 * Walks over the chunks to the samples, however much metadata stands in between. `fileBytes` is the file's length. A writer
 * that streams leaves the data length 0 or 0xFFFFFFFF when it cannot seek back: then the samples go to the end of the file.
 * With `onCut`, samples that are cut off are no error: it is told of, and what is there counts.
 * Throws an `AudioError`: `not_a_wav`, `wav_truncated`, `wav_compressed`, `wav_empty`, `wav_unsupported`.
 */
export async function readWavLayout(
  read: ReadAt,
  fileBytes: number,
  file = 'audio',
  onCut?: (what: string) => void,
): Promise<WavLayout> {
  if (fileBytes === 0)
    throw new AudioError('wav_empty', `${file} is empty.`, { hint: 'Give a WAV file with audio.' });
  const riff = viewOf(await read(0, 12));
  if (riff.byteLength < 12 || idAt(riff, 0) !== 'RIFF' || idAt(riff, 8) !== 'WAVE') {
    throw new AudioError('not_a_wav', `${file} is not a WAV file.`, {
      hint: 'It must begin with RIFF and WAVE; name raw 16 kHz S16LE audio .pcm or .raw, and convert anything else.',
    });
  }
  let format: WavFormat | undefined;
  let at = 12;
  for (let chunks = 0; at + 8 <= fileBytes && chunks < MAX_CHUNKS; chunks++) {
    const head = viewOf(await read(at, 8));
    if (head.byteLength < 8) break;
    const id = idAt(head, 0);
    const size = head.getUint32(4, true);
    const body = at + 8;
    if (id === 'fmt ') {
      const fields = viewOf(await read(body, Math.min(size, FORMAT_BYTES)));
      if (size < 16 || fields.byteLength < Math.min(size, FORMAT_BYTES))
        throw truncated(file, 'its format chunk is cut off');
      format = readFormat(fields, file);
    } else if (id === 'data') {
      if (format === undefined) {
        throw new AudioError('wav_unsupported', `${file} has samples before its format.`, {
          hint: 'Write it again with another tool.',
        });
      }
      const cut = onCut ?? refuseCut(file);
      return {
        ...format,
        dataOffset: body,
        dataBytes: usableBytes(format, size, fileBytes - body, file, cut),
      };
    }
    at = body + size + (size % 2);
  }
  throw truncated(file, 'it has no samples');
}

function refuseCut(file: string): (what: string) => void {
  return (what) => {
    throw truncated(file, what);
  };
}

/** How many of the `present` bytes behind a data chunk's head are samples, when it claims `size`. */
function usableBytes(
  format: WavFormat,
  size: number,
  present: number,
  file: string,
  onCut: (what: string) => void,
): number {
  const streamed = size === 0xffff_ffff || (size === 0 && present > 0);
  const isCut = !streamed && size > present;
  if (isCut) onCut(`it claims ${size} bytes of samples and has ${present}`);
  const bytes = streamed || isCut ? present : size;
  const whole = bytes - (bytes % ((format.bitsPerSample / 8) * format.channels));
  if (!streamed && !isCut && whole < bytes) onCut(`its ${bytes} bytes of samples are not whole samples`);
  if (whole === 0)
    throw new AudioError('wav_empty', `${file} has no samples.`, { hint: 'Give a WAV file with audio.' });
  return whole;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function idAt(view: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((offset) => view.getUint8(at + offset)));
}

function readFormat(view: DataView, file: string): WavFormat {
  let code = view.getUint16(0, true);
  const channels = view.getUint16(2, true);
  const sampleRate = view.getUint32(4, true);
  const bitsPerSample = view.getUint16(14, true);
  // The extensible form keeps the real code at the head of its sub-format GUID.
  if (code === FORMAT_EXTENSIBLE && view.byteLength >= FORMAT_BYTES) code = view.getUint16(24, true);
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
  const read: ReadAt = (position, length) => bytes.subarray(position, position + length);
  const layout = await readWavLayout(read, bytes.length, file);
  const { dataOffset, dataBytes } = layout;
  if (isNative(layout)) return sampleView(bytes.subarray(dataOffset, dataOffset + dataBytes));
  return nativePcm(layout, read, file);
}

/** All samples of any layout as mono 16 kHz. Throws an `AudioError` (`wav_truncated`). */
export async function nativePcm(layout: WavLayout, read: ReadAt, file: string): Promise<Int16Array> {
  const pcm = new Int16Array(nativeSamples(layout));
  let filled = 0;
  for await (const part of convertWav(layout, read, file)) {
    pcm.set(part, filled);
    filled += part.length;
  }
  return pcm;
}

/** What 16-bit samples are of, where they are not native: Hz, and how many channels take turns. */
interface WavForm {
  readonly sampleRate: number;
  readonly channels: number;
}

/** Up to the samples, where there is no metadata. */
const HEADER_BYTES = 44;
const NATIVE: WavForm = { sampleRate: SAMPLE_RATE, channels: 1 };

/** The 44 bytes before the samples of a WAV file. */
export async function wavHeader(
  dataBytes: number,
  { sampleRate, channels }: WavForm = NATIVE,
): Promise<Buffer> {
  const header = Buffer.alloc(HEADER_BYTES);
  const blockBytes = channels * BYTES_PER_SAMPLE;
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(HEADER_BYTES - 8 + dataBytes, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(FORMAT_PCM, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * blockBytes, 28);
  header.writeUInt16LE(blockBytes, 32);
  header.writeUInt16LE(8 * BYTES_PER_SAMPLE, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(dataBytes, 40);
  return header;
}

/** A whole WAV file. */
export async function encodeWav(pcm: Int16Array, form: WavForm = NATIVE): Promise<Buffer> {
  const data = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  return Buffer.concat([await wavHeader(data.length, form), data]);
}
