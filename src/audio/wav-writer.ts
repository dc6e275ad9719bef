/**
 * Writes a WAV file while its audio comes in, at the positions the audio says. Positions may jump forward (what lies
 * between is silence) or back (the later write wins). Memory stays at one buffer, however long the file.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { EmulatorError } from '../errors.ts';
import { BYTES_PER_SAMPLE } from './format.ts';
import { wavHeader } from './wav.ts';

export interface WavWriter {
  readonly path: string;
  /** Length of the file so far, in samples. */
  readonly samples: number;
  /** Puts samples at a position. Throws an `EmulatorError` (`wav_too_long`) past the 4 GiB that WAV can hold. */
  write(atSample: number, pcm: Int16Array): void;
  /** Writes what is buffered and completes the header. Safe to call twice. */
  close(): void;
}

const BUFFER_BYTES = 64 * 1024;
const MAX_DATA_BYTES = 0xffff_ffff - 44;

/** Opens (and empties) a file. */
export async function openWavWriter(path: string): Promise<WavWriter> {
  return createWavWriter(path, await wavHeader(0));
}

/** The same without waiting, for who has `wavHeader(0)` at hand. */
export function createWavWriter(path: string, emptyHeader: Buffer): WavWriter {
  const header = Buffer.from(emptyHeader);
  const fd = openSync(path, 'w');
  writeSync(fd, header, 0, header.length, 0);
  const buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  /** The buffer holds the samples from here on. */
  let bufferStartByte = 0;
  let buffered = 0;
  let endByte = 0;
  let open = true;

  const flush = (): void => {
    if (buffered > 0) writeSync(fd, buffer, 0, buffered, header.length + bufferStartByte);
    bufferStartByte += buffered;
    buffered = 0;
  };
  return {
    path,
    get samples() {
      return endByte / BYTES_PER_SAMPLE;
    },
    write(atSample, pcm) {
      const atByte = atSample * BYTES_PER_SAMPLE;
      if (!Number.isSafeInteger(atByte) || atByte < 0 || atByte + pcm.byteLength > MAX_DATA_BYTES) {
        throw new EmulatorError(
          'wav_too_long',
          `Audio at ${atSample} samples does not fit into a WAV file (${path}).`,
        );
      }
      if (atByte !== bufferStartByte + buffered) {
        flush();
        // Nothing is written for a gap: the file system reads it as zeros, which is silence.
        bufferStartByte = atByte;
      }
      const bytes = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
      for (let copied = 0; copied < bytes.length; ) {
        if (buffered === BUFFER_BYTES) flush();
        const part = bytes.copy(buffer, buffered, copied);
        copied += part;
        buffered += part;
      }
      endByte = Math.max(endByte, atByte + bytes.length);
    },
    close() {
      if (!open) return;
      open = false;
      flush();
      header.writeUInt32LE(header.length - 8 + endByte, 4);
      header.writeUInt32LE(endByte, header.length - 4);
      writeSync(fd, header, 0, header.length, 0);
      closeSync(fd);
    },
  };
}
