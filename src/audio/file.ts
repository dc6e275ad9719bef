/**
 * Audio files as sources. What is native (16 kHz mono S16LE) is read as it is needed, so that long files stay out of
 * memory; everything else is converted once.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { AudioError } from '../errors.ts';
import { BYTES_PER_SAMPLE } from './format.ts';
import { checked } from './signals.ts';
import { type AudioSource, pcmSource } from './source.ts';
import { decodeWav, int16View, isNative, readWavLayout } from './wav.ts';

/** Shorter native files are kept in memory, where frames are views of them. */
const IN_MEMORY_BYTES = 1024 * 1024;
/** All files of a meeting together: the utterances of hours are many short files. */
const BUDGET_BYTES = 32 * 1024 * 1024;

/** What the files of one meeting may still keep in memory. */
export interface AudioBudget {
  bytesLeft: number;
}

export function audioBudget(): AudioBudget {
  return { bytesLeft: BUDGET_BYTES };
}

/** A header and whatever metadata stands before the samples. */
const HEAD_BYTES = 64 * 1024;
/** What is read at once. */
const CHUNK_BYTES = 64 * 1024;
/** Converting needs several times the file in memory. */
const MAX_CONVERTED_BYTES = 512 * 1024 * 1024;

/**
 * A `.wav`, `.pcm` or `.raw` file (raw: mono S16LE at 16 kHz). Throws an `AudioError`: those of `decodeWav`, and
 * `audio_not_found`, `audio_unreadable`, `audio_unsupported_extension`, `audio_odd_length`, `audio_too_large`.
 */
export async function openAudioFile(path: string, budget = audioBudget()): Promise<AudioSource> {
  const extension = extname(path).toLowerCase();
  if (extension !== '.wav' && extension !== '.pcm' && extension !== '.raw') {
    throw new AudioError('audio_unsupported_extension', `${path} is not a .wav, .pcm or .raw file.`, {
      hint: 'Convert it, for example with: sox in.mp3 -r 16000 -c 1 -b 16 out.wav',
    });
  }
  const handle = await openHandle(path);
  try {
    const stat = await handle.stat();
    if (!stat.isFile())
      throw new AudioError('audio_unreadable', `${path} is not a file.`, { hint: 'Name an audio file.' });
    const { size } = stat;
    if (extension === '.wav') {
      const head = await readAt(handle, 0, Math.min(size, HEAD_BYTES));
      const layout = readWavLayout(head, size, path);
      if (isNative(layout)) return nativeSource(path, handle, layout.dataOffset, layout.dataBytes, budget);
      if (size > MAX_CONVERTED_BYTES) {
        throw new AudioError('audio_too_large', `${path} is too large to convert (${size} bytes).`, {
          hint: 'Convert it to 16 kHz mono 16-bit first; then it is read as it plays.',
        });
      }
      return pcmSource(await decodeWav(await readAt(handle, 0, size), path));
    }
    if (size === 0)
      throw new AudioError('wav_empty', `${path} is empty.`, { hint: 'Give a file with audio.' });
    if (size % BYTES_PER_SAMPLE !== 0) {
      throw new AudioError(
        'audio_odd_length',
        `${path} has ${size} bytes, which is not a whole number of 16-bit samples.`,
        {
          hint: 'Raw audio is mono S16LE at 16 kHz.',
        },
      );
    }
    return nativeSource(path, handle, 0, size, budget);
  } finally {
    await handle.close();
  }
}

type Handle = Awaited<ReturnType<typeof open>>;

async function openHandle(path: string): Promise<Handle> {
  try {
    return await open(path, 'r');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new AudioError('audio_not_found', `${path} does not exist.`, { hint: 'Check the path.', cause });
    }
    throw new AudioError('audio_unreadable', `${path} cannot be read (${code}).`, {
      hint: 'Check its permissions.',
      cause,
    });
  }
}

async function readAt(handle: Handle, position: number, bytes: number): Promise<Buffer> {
  // Own memory, not the shared pool: samples are viewed in place and have to be aligned.
  const buffer = Buffer.allocUnsafeSlow(bytes);
  const { bytesRead } = await handle.read(buffer, 0, bytes, position);
  return buffer.subarray(0, bytesRead);
}

async function nativeSource(
  path: string,
  handle: Handle,
  offset: number,
  bytes: number,
  budget: AudioBudget,
): Promise<AudioSource> {
  if (bytes <= Math.min(IN_MEMORY_BYTES, budget.bytesLeft)) {
    budget.bytesLeft -= bytes;
    return pcmSource(int16View(await readAt(handle, offset, bytes)));
  }
  return {
    samples: bytes / BYTES_PER_SAMPLE,
    open() {
      const fd = openSync(path, 'r');
      let isOpen = true;
      let position = offset;
      let chunk: Int16Array = new Int16Array(0);
      let used = 0;
      const fill = (into: Int16Array): void => {
        for (let filled = 0; filled < into.length; ) {
          if (used === chunk.length) {
            const buffer = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, offset + bytes - position));
            const read = readSync(fd, buffer, 0, buffer.length, position);
            if (read < BYTES_PER_SAMPLE)
              throw new AudioError('wav_truncated', `${path} became shorter while it was played.`);
            chunk = int16View(buffer.subarray(0, read - (read % BYTES_PER_SAMPLE)));
            position += chunk.byteLength;
            used = 0;
          }
          const part = chunk.subarray(used, used + into.length - filled);
          into.set(part, filled);
          filled += part.length;
          used += part.length;
        }
      };
      return checked(bytes / BYTES_PER_SAMPLE, fill, () => {
        if (isOpen) closeSync(fd);
        isOpen = false;
      });
    },
  };
}
