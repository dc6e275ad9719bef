/**
 * Writes a WAV file while its audio comes in, at the positions the audio says. Positions may jump forward (what lies
 * between is silence) or back (the later write wins). Memory stays at one buffer, however long the file. After every flush
 * the file is a valid WAV, also when the process ends without a word.
 */
import { EmulatorError } from '../errors.ts';
import { type OutputFile, OutputFiles } from '../output-files.ts';
import { BYTES_PER_SAMPLE } from '../protocol/pcm.ts';
import { wavHeader } from './wav.ts';

export interface WavWriter {
  readonly path: string;
  /** Length of the file so far, in samples. */
  readonly samples: number;
  /**
   * Puts samples at a position; they are copied. Throws an `EmulatorError` (`wav_too_long`) past the 4 GiB that WAV can
   * hold, and what the system throws.
   */
  write(atSample: number, pcm: Int16Array): void;
  /** Puts everything on disk and makes the header say so. Throws what the system throws. */
  flush(): void;
  /** Flushes and frees the file. Safe to call twice. */
  close(): void;
}

const FIRST_BUFFER_BYTES = 4 * 1024;
const MAX_BUFFER_BYTES = 64 * 1024;
const MAX_DATA_BYTES = 0xffff_ffff - 44;

/** Makes a file, or empties the one that is there. */
export async function openWavWriter(path: string): Promise<WavWriter> {
  return createWavWriter(new OutputFiles(1).create(path, { replace: true }), await wavHeader(0));
}

/** The same without waiting, over a new file, when `wavHeader(0)` is at hand. */
export function createWavWriter(file: OutputFile, emptyHeader: Buffer): WavWriter {
  const header = Buffer.from(emptyHeader);
  file.write(header, 0);
  /** Grows with what comes in between two flushes, and is given back when nothing does. */
  let buffer = Buffer.alloc(0);
  /** The buffer holds the samples from here on. */
  let bufferStartByte = 0;
  let buffered = 0;
  let endByte = 0;
  /** Where the samples on disk end, and what the header on disk says; in bytes. */
  let diskEndByte = 0;
  let headerBytes = 0;
  let open = true;

  const drain = (): void => {
    if (buffered > 0) file.write(buffer.subarray(0, buffered), header.length + bufferStartByte);
    bufferStartByte += buffered;
    if (buffered > 0) diskEndByte = Math.max(diskEndByte, bufferStartByte);
    buffered = 0;
  };
  const writeHeader = (): void => {
    if (headerBytes === diskEndByte) return;
    header.writeUInt32LE(header.length - 8 + diskEndByte, 4);
    header.writeUInt32LE(diskEndByte, header.length - 4);
    file.write(header, 0);
    headerBytes = diskEndByte;
  };
  const room = (bytes: number): void => {
    const wanted = Math.min(MAX_BUFFER_BYTES, buffered + bytes);
    if (wanted <= buffer.length) return;
    const grown = Buffer.allocUnsafe(
      Math.min(MAX_BUFFER_BYTES, Math.max(FIRST_BUFFER_BYTES, wanted, buffer.length * 2)),
    );
    buffer.copy(grown, 0, 0, buffered);
    buffer = grown;
  };
  return {
    path: file.path,
    get samples() {
      return endByte / BYTES_PER_SAMPLE;
    },
    write(atSample, pcm) {
      const atByte = atSample * BYTES_PER_SAMPLE;
      if (!Number.isSafeInteger(atByte) || atByte < 0 || atByte + pcm.byteLength > MAX_DATA_BYTES) {
        throw new EmulatorError(
          'wav_too_long',
          `Audio at ${atSample} samples does not fit into a WAV file (${file.path}).`,
        );
      }
      if (atByte !== bufferStartByte + buffered) {
        drain();
        // Nothing is written for a gap: the file system reads it as zeros, which is silence.
        bufferStartByte = atByte;
      }
      const bytes = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
      for (let copied = 0; copied < bytes.length; ) {
        if (buffered === MAX_BUFFER_BYTES) drain();
        room(bytes.length - copied);
        const part = bytes.copy(buffer, buffered, copied);
        copied += part;
        buffered += part;
      }
      endByte = Math.max(endByte, atByte + bytes.length);
    },
    flush() {
      if (buffered === 0) buffer = Buffer.alloc(0);
      // The samples are there before the header claims them.
      drain();
      writeHeader();
    },
    close() {
      if (!open) return;
      open = false;
      try {
        drain();
      } finally {
        // A full disk still takes a header: what is there stays playable.
        try {
          writeHeader();
        } finally {
          file.release();
        }
      }
    },
  };
}
