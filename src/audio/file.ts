/**
 * Audio files as sources. What is native (16 kHz mono S16LE) is read as it is needed, so that long files stay out of
 * memory; everything else is converted once, into memory when it is short and into a temporary file when it is long.
 */
import { closeSync, constants, openSync, readSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { extname } from 'node:path';
import { AudioError, UsageError } from '../errors.ts';
import { openRegularFile, refusalOf } from '../files.ts';
import { BYTES_PER_SAMPLE, SAMPLE_RATE, samplesOf } from '../protocol/pcm.ts';
import { convertWav, nativeSamples } from './convert.ts';
import { checked } from './signals.ts';
import { type AudioSource, pcmSource } from './source.ts';
import { openTemporaryFile } from './temporary.ts';
import { isNative, readWavLayout } from './wav.ts';
import type { ReadAt, WavLayout } from './wav-layout.ts';

/** Shorter native files are kept in memory, where frames are views of them. */
const IN_MEMORY_BYTES = 1024 * 1024;
/** The same for converted ones (two minutes), which would else be written to disk first. */
const CONVERTED_IN_MEMORY_BYTES = 4 * 1024 * 1024;
/** All files of a meeting together: the utterances of hours are many short files. */
const BUDGET_BYTES = 32 * 1024 * 1024;
/** The longest meeting; keeps the temporary file within bounds. */
const MAX_SAMPLES = 24 * 3_600 * SAMPLE_RATE;

/** What the files of one meeting may still keep in memory. */
export interface AudioBudget {
  bytesLeft: number;
}

export function audioBudget(): AudioBudget {
  return { bytesLeft: BUDGET_BYTES };
}

/** What is read at once. */
const CHUNK_BYTES = 64 * 1024;

/**
 * A `.wav`, `.pcm` or `.raw` file (raw: mono S16LE at 16 kHz). Throws an `AudioError`: those of `readWavLayout`, and
 * `audio_not_found`, `audio_unreadable`, `audio_unsupported_extension`, `audio_odd_length`, `audio_too_long`; and a
 * `WriteError` when there is no room for the converted audio.
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
    const { size } = await handle.stat();
    const read: ReadAt = (position, length) => readAt(handle, position, length);
    if (extension === '.wav') {
      const layout = await readWavLayout(read, size, path);
      if (!isNative(layout)) return await convertedSource(path, layout, read, budget);
      return await nativeSource(path, read, layout.dataOffset, layout.dataBytes, budget);
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
    return await nativeSource(path, read, 0, size, budget);
  } finally {
    await handle.close();
  }
}

async function openHandle(path: string): Promise<FileHandle> {
  try {
    return await openRegularFile(path);
  } catch (cause) {
    if (cause instanceof UsageError)
      throw new AudioError('audio_unreadable', cause.message, { hint: 'Name an audio file.', cause });
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new AudioError('audio_not_found', `${path} does not exist.`, { hint: 'Check the path.', cause });
    }
    throw unreadable(path, cause);
  }
}

/** What the system says of a file that cannot be read; anything else is given back as it is. */
function unreadable(path: string, cause: unknown): unknown {
  const refusal = refusalOf(cause);
  if (refusal === undefined) return cause;
  return new AudioError('audio_unreadable', `${path} cannot be read: ${refusal}.`, {
    hint: 'Check its permissions.',
    cause,
  });
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  // Own memory, not the shared pool: samples are viewed in place and have to be aligned.
  const buffer = Buffer.allocUnsafeSlow(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

async function nativeSource(
  path: string,
  read: ReadAt,
  offset: number,
  bytes: number,
  budget: AudioBudget,
): Promise<AudioSource> {
  if (bytes <= Math.min(IN_MEMORY_BYTES, budget.bytesLeft)) {
    budget.bytesLeft -= bytes;
    return pcmSource(samplesOf(await read(offset, bytes)));
  }
  return fileSource({
    path,
    offset,
    bytes,
    open: () => {
      try {
        // Whatever stands there by then must not make us wait.
        return openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
      } catch (error) {
        throw unreadable(path, error);
      }
    },
    close: closeSync,
  });
}

async function convertedSource(
  path: string,
  layout: WavLayout,
  read: ReadAt,
  budget: AudioBudget,
): Promise<AudioSource> {
  const samples = nativeSamples(layout);
  if (samples > MAX_SAMPLES) {
    throw new AudioError('audio_too_long', `${path} has more than a day of audio.`, {
      hint: 'Cut it into parts.',
    });
  }
  const bytes = samples * BYTES_PER_SAMPLE;
  const pieces = convertWav(layout, read, path);
  if (bytes <= Math.min(CONVERTED_IN_MEMORY_BYTES, budget.bytesLeft)) {
    budget.bytesLeft -= bytes;
    const pcm = new Int16Array(samples);
    let filled = 0;
    for await (const piece of pieces) {
      pcm.set(piece, filled);
      filled += piece.length;
    }
    return pcmSource(pcm);
  }
  const file = await openTemporaryFile(pieces);
  // The source holds the file, and readers hold the source's: it goes with the last of them.
  return fileSource({ path, offset: 0, bytes, open: () => file.fd, close: () => {} });
}

/** Reads native samples as they are needed, a chunk at a time. */
function fileSource(file: {
  readonly path: string;
  /** Of the first sample, in bytes. */
  readonly offset: number;
  readonly bytes: number;
  /** A descriptor for one reader. */
  readonly open: () => number;
  readonly close: (fd: number) => void;
}): AudioSource {
  const { path, offset, bytes } = file;
  const samples = bytes / BYTES_PER_SAMPLE;
  return {
    samples,
    open() {
      const fd = file.open();
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
            chunk = samplesOf(buffer.subarray(0, read - (read % BYTES_PER_SAMPLE)));
            position += chunk.byteLength;
            used = 0;
          }
          const part = chunk.subarray(used, used + into.length - filled);
          into.set(part, filled);
          filled += part.length;
          used += part.length;
        }
      };
      return checked(samples, fill, () => {
        if (isOpen) file.close(fd);
        isOpen = false;
      });
    },
  };
}
