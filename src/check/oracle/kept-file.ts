/** Audio files as receivers leave them: with their own rate and channels, because these may be what is wrong. */
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Decoded } from '../../audio/decode/decoded.ts';
import { decodeWithFfmpeg } from '../../audio/decode/ffmpeg.ts';
import { type Format, formatOf, HEAD_BYTES } from '../../audio/decode/format.ts';
import { decodeMp3 } from '../../audio/decode/mp3.ts';
import { decodeOpus } from '../../audio/decode/opus.ts';
import { nativePcm, readWavLayout } from '../../audio/wav.ts';
import type { ReadAt } from '../../audio/wav-layout.ts';
import { AudioError, EmulatorError } from '../../errors.ts';
import { openRegularFile, refusalOf } from '../../files.ts';
import { SAMPLE_RATE, sampleView } from '../../protocol/pcm.ts';
import type { Kept, Remark } from './form.ts';

/** What is held in memory to be compared, as it is and decoded: four hours of what is sent. */
const MAX_BYTES = 512 * 1024 * 1024;
const NOTHING: Decoded = { samples: new Int16Array(0), sampleRate: SAMPLE_RATE, channels: 1 };

/**
 * Any audio file; what it is, its first bytes say. Raw samples (`.pcm`, `.raw`) are taken for mono S16LE at 16 kHz. A file
 * without samples is no error: that is what the receiver kept. Nor is one that cannot be read to its end: `remarks` tell.
 * Throws an `AudioError` for what cannot be read: `audio_not_found`, `audio_unreadable`, `audio_unsupported_extension`,
 * `audio_undecodable`, `audio_needs_ffmpeg`, those of `readWavLayout`, and `audio_too_long` for more than 512 MB.
 */
export async function readKept(path: string): Promise<Kept> {
  const extension = extname(path).toLowerCase();
  const bytes = await bytesOf(path);
  const format = formatOf(bytes.subarray(0, HEAD_BYTES), extension);
  const { damage, ...audio } = bytes.length === 0 ? NOTHING : await decoded(bytes, path, format);
  const remarks: Remark[] = [];
  if (damage !== undefined)
    remarks.push({ code: 'incomplete', text: `is read as far as it can be: ${damage}` });
  if (bytes.length > 0 && !format.extensions.includes(extension))
    remarks.push({ code: 'misnamed', text: `is ${format.name}, whatever its name says` });
  return { ...audio, remarks };
}

function decoded(bytes: Buffer, path: string, format: Format): Promise<Decoded> | Decoded {
  switch (format.kind) {
    case 'raw':
      return { samples: sampleView(bytes), sampleRate: SAMPLE_RATE, channels: 1 };
    case 'wav':
      return fromWav(bytes, path);
    case 'mp3':
      return decodeMp3(bytes, path, MAX_BYTES);
    case 'opus':
      return decodeOpus(bytes, path, MAX_BYTES);
    case 'other':
      return decodeWithFfmpeg(path, { format: format.name, maxBytes: MAX_BYTES });
    case 'unknown':
      throw new AudioError('audio_unsupported_extension', `${path} is no audio file that is known here.`, {
        hint: 'Name raw 16 kHz S16LE audio .pcm or .raw, and convert anything else to WAV.',
      });
  }
}

async function fromWav(bytes: Buffer, path: string): Promise<Decoded> {
  let damage: string | undefined;
  try {
    const read: ReadAt = (at, length) => bytes.subarray(at, at + length);
    const layout = await readWavLayout(read, bytes.length, path, (what) => {
      damage = what;
    });
    const { encoding, bitsPerSample, sampleRate, channels, dataOffset, dataBytes } = layout;
    // Other depths are made native.
    if (encoding !== 'int' || bitsPerSample !== 16)
      return { samples: await nativePcm(layout, read, path), sampleRate: SAMPLE_RATE, channels: 1, damage };
    const samples = sampleView(bytes.subarray(dataOffset, dataOffset + dataBytes));
    return { samples, sampleRate, channels, damage };
  } catch (error) {
    if (!(error instanceof AudioError)) throw error;
    if (error.code === 'wav_empty') return NOTHING;
    if (error.code === 'wav_compressed')
      return decodeWithFfmpeg(path, { format: 'compressed WAV', maxBytes: MAX_BYTES });
    throw error;
  }
}

async function bytesOf(path: string): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size > MAX_BYTES) {
      throw new AudioError('audio_too_long', `${path} has ${size} bytes, too many to be compared.`, {
        hint: `Cut it to ${MAX_BYTES} bytes.`,
      });
    }
    const handle = await openRegularFile(path);
    try {
      // As many as it had, though it grows.
      const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafeSlow(size), 0, size, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    const code = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'audio_not_found' : 'audio_unreadable';
    throw new AudioError(code, `${path} cannot be read: ${refusal}.`, {
      hint: 'Check the path.',
      cause: error,
    });
  }
}

/** What is in it, or why it cannot be read. */
export async function readOrSay(path: string): Promise<Kept | { readonly problem: string }> {
  try {
    return await readKept(path);
  } catch (error) {
    if (error instanceof EmulatorError) return { problem: error.message };
    throw error;
  }
}
