/**
 * Everything that we have no decoder of, by the ffmpeg of this machine, if there is one. It sees a local file and nothing else:
 * playlists and other formats that would lead it to further files or addresses are not allowed.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { AudioError } from '../../errors.ts';
import { plainText } from '../../plain-text.ts';
import { SAMPLE_RATE, sampleView } from '../../protocol/pcm.ts';
import { readWavLayout } from '../wav.ts';
import { type Decoded, tooLong, undecodable } from './decoded.ts';

/** Hours of audio take seconds. */
const TIMEOUT_MS = 120_000;
/** What ffmpeg calls the formats that it may read. */
const FORMATS = 'wav,w64,mp3,ogg,flac,mov,aac,matroska,webm,aiff,caf,au';
/** Of what it says, the end is looked at. */
const MAX_SAID_CHARACTERS = 4_000;

export interface FfmpegOptions {
  /** How many bytes of samples it may give. */
  readonly maxBytes: number;
  /** As people call the format: `FLAC`. */
  readonly format: string;
  /** After which it is ended, in milliseconds of wall time. */
  readonly timeoutMs?: number | undefined;
}

/**
 * The first audio track of a file. Throws an `AudioError`: `audio_needs_ffmpeg`, `audio_undecodable`, `audio_too_long`.
 * The process has ended when this returns.
 */
export async function decodeWithFfmpeg(path: string, options: FfmpegOptions): Promise<Decoded> {
  const { maxBytes, format, timeoutMs = TIMEOUT_MS } = options;
  const child = start(path, timeoutMs);
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-MAX_SAID_CHARACTERS);
  });
  const parts: Buffer[] = [];
  let bytes = 0;
  child.stdout.on('data', (part: Buffer) => {
    bytes += part.length;
    if (bytes > maxBytes) child.kill('SIGKILL');
    else parts.push(part);
  });
  const [code, signal] = await ended(child, path, format);
  if (bytes > maxBytes) throw tooLong(path, maxBytes);
  if (signal !== null)
    throw undecodable(path, `ffmpeg was ended by ${signal}, after ${timeoutMs / 1_000} s at most`);
  const why = lastLine(said, path) ?? (code === 0 ? undefined : `ffmpeg ended with exit code ${code}`);
  const decoded = await samplesIn(Buffer.concat(parts, bytes), path);
  if (decoded !== undefined) return { ...decoded, damage: why };
  if (why !== undefined) throw undecodable(path, why);
  return { samples: new Int16Array(0), sampleRate: SAMPLE_RATE, channels: 1 };
}

type Ffmpeg = ChildProcessByStdio<null, Readable, Readable>;

function start(path: string, timeoutMs: number): Ffmpeg {
  const limits = ['-protocol_whitelist', 'file', '-format_whitelist', FORMATS];
  const input = ['-i', inputOf(path), '-map', '0:a:0'];
  const output = ['-c:a', 'pcm_s16le', '-bitexact', '-f', 'wav', 'pipe:1'];
  return spawn('ffmpeg', ['-nostdin', '-v', 'error', ...limits, ...input, ...output], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    windowsHide: true,
  });
}

/** The scheme and the whole path: no name is taken for an option or an address. */
function inputOf(path: string): string {
  return `file:${resolve(path)}`;
}

/** Its exit code and signal, once its output is read to the end. */
async function ended(child: Ffmpeg, path: string, format: string): Promise<[number | null, string | null]> {
  try {
    return (await once(child, 'close')) as [number | null, string | null];
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'is not installed' : `cannot be started (${code})`;
    throw new AudioError('audio_needs_ffmpeg', `${path} is ${format}, and ffmpeg, which reads it, ${why}.`, {
      hint: 'Install ffmpeg, or keep audio as WAV, raw samples, MP3 or Ogg Opus.',
      cause,
    });
  }
}

/** Undefined when there are none. */
async function samplesIn(wav: Buffer, path: string): Promise<Decoded | undefined> {
  try {
    const layout = await readWavLayout(
      (at, length) => wav.subarray(at, at + length),
      wav.length,
      path,
      () => {},
    );
    const { sampleRate, channels, dataOffset, dataBytes } = layout;
    return { samples: sampleView(wav.subarray(dataOffset, dataOffset + dataBytes)), sampleRate, channels };
  } catch (error) {
    if (error instanceof AudioError) return undefined;
    throw error;
  }
}

/** Without the part of the program that says it, whose address differs each time, and without the path that we say ourselves. */
function lastLine(said: string, path: string): string | undefined {
  const line = said.split('\n').findLast((each) => each.trim() !== '');
  if (line === undefined) return undefined;
  const text = line.replace(/^\[.{1,100}? @ \w+\] */, '').replace(`${inputOf(path)}: `, '');
  return `ffmpeg says: ${plainText(text.trim())}`;
}
