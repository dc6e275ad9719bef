/** Audio files as receivers leave them: with their own rate and channels, because these may be what is wrong. */
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { openAudioFile } from '../../audio/file.ts';
import { readAll } from '../../audio/source.ts';
import { readWavLayout } from '../../audio/wav.ts';
import { AudioError } from '../../errors.ts';
import { openRegularFile, refusalOf } from '../../files.ts';
import { SAMPLE_RATE, sampleView } from '../../protocol/pcm.ts';
import type { Kept } from './form.ts';

/** What is held in memory to be compared: four hours of what is sent. */
const MAX_BYTES = 512 * 1024 * 1024;
export const AUDIO_EXTENSIONS: readonly string[] = ['.wav', '.pcm', '.raw'];

/**
 * A `.wav`, `.pcm` or `.raw` file; raw is taken for mono S16LE at 16 kHz. A file without samples is no error: that is what the
 * receiver kept. Throws an `AudioError` for what cannot be read, and `audio_too_long` for more than 512 MB.
 */
export async function readKept(path: string): Promise<Kept> {
  const isWav = extname(path).toLowerCase() === '.wav';
  // Says no to other extensions, and to what is not there.
  if (!AUDIO_EXTENSIONS.includes(extname(path).toLowerCase())) return asSource(path);
  const bytes = await bytesOf(path);
  if (!isWav) return { samples: sampleView(bytes), sampleRate: SAMPLE_RATE, channels: 1 };
  try {
    const layout = await readWavLayout((at, length) => bytes.subarray(at, at + length), bytes.length, path);
    const { encoding, bitsPerSample, sampleRate, channels, dataOffset, dataBytes } = layout;
    if (encoding !== 'int' || bitsPerSample !== 16) return await asSource(path);
    return { samples: sampleView(bytes.subarray(dataOffset, dataOffset + dataBytes)), sampleRate, channels };
  } catch (error) {
    if (error instanceof AudioError && error.code === 'wav_empty')
      return { samples: new Int16Array(0), sampleRate: SAMPLE_RATE, channels: 1 };
    throw error;
  }
}

/** Other depths, made native. */
async function asSource(path: string): Promise<Kept> {
  return { samples: readAll(await openAudioFile(path)), sampleRate: SAMPLE_RATE, channels: 1 };
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
