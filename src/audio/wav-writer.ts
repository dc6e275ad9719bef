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
  /** Flushes, and gives its memory back until something comes again. Throws what the system throws. */
  rest(): void;
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
  return new BufferedWavWriter(file, emptyHeader);
}

class BufferedWavWriter implements WavWriter {
  readonly #file: OutputFile;
  readonly #header: Buffer;
  /** Grows with what comes in between two flushes, and is given back when nothing does. */
  #buffer = Buffer.alloc(0);
  /** The buffer holds the samples from here on. */
  #bufferStartByte = 0;
  #buffered = 0;
  #endByte = 0;
  /** Where the samples on disk end, and what the header on disk says; in bytes. */
  #diskEndByte = 0;
  #headerBytes = 0;
  #open = true;

  constructor(file: OutputFile, emptyHeader: Buffer) {
    this.#file = file;
    this.#header = Buffer.from(emptyHeader);
    file.write(this.#header, 0);
  }

  get path(): string {
    return this.#file.path;
  }

  get samples(): number {
    return this.#endByte / BYTES_PER_SAMPLE;
  }

  write(atSample: number, pcm: Int16Array): void {
    const atByte = atSample * BYTES_PER_SAMPLE;
    if (!Number.isSafeInteger(atByte) || atByte < 0 || atByte + pcm.byteLength > MAX_DATA_BYTES) {
      throw new EmulatorError(
        'wav_too_long',
        `Audio at ${atSample} samples does not fit into a WAV file (${this.path}).`,
      );
    }
    if (atByte !== this.#bufferStartByte + this.#buffered) {
      this.#drain();
      // Nothing is written for a gap: the file system reads it as zeros, which is silence.
      this.#bufferStartByte = atByte;
    }
    const bytes = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
    for (let copied = 0; copied < bytes.length; ) {
      if (this.#buffered === MAX_BUFFER_BYTES) this.#drain();
      this.#makeRoom(bytes.length - copied);
      const part = bytes.copy(this.#buffer, this.#buffered, copied);
      copied += part;
      this.#buffered += part;
    }
    this.#endByte = Math.max(this.#endByte, atByte + bytes.length);
  }

  rest(): void {
    this.flush();
    this.#buffer = Buffer.alloc(0);
  }

  flush(): void {
    if (this.#buffered === 0) this.#buffer = Buffer.alloc(0);
    // The samples are there before the header claims them.
    this.#drain();
    this.#writeHeader();
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    try {
      this.#drain();
    } finally {
      // A full disk still takes a header: what is there stays playable.
      try {
        this.#writeHeader();
      } finally {
        this.#file.release();
        this.#buffer = Buffer.alloc(0);
      }
    }
  }

  #drain(): void {
    if (this.#buffered === 0) return;
    const position = this.#header.length + this.#bufferStartByte;
    this.#file.write(this.#buffer.subarray(0, this.#buffered), position);
    this.#bufferStartByte += this.#buffered;
    this.#diskEndByte = Math.max(this.#diskEndByte, this.#bufferStartByte);
    this.#buffered = 0;
  }

  #writeHeader(): void {
    if (this.#headerBytes === this.#diskEndByte) return;
    this.#header.writeUInt32LE(this.#header.length - 8 + this.#diskEndByte, 4);
    this.#header.writeUInt32LE(this.#diskEndByte, this.#header.length - 4);
    this.#file.write(this.#header, 0);
    this.#headerBytes = this.#diskEndByte;
  }

  /** Makes the buffer large enough for so many more bytes, or as large as it may become. */
  #makeRoom(bytes: number): void {
    const wanted = Math.min(MAX_BUFFER_BYTES, this.#buffered + bytes);
    if (wanted <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafe(
      Math.min(MAX_BUFFER_BYTES, Math.max(FIRST_BUFFER_BYTES, wanted, this.#buffer.length * 2)),
    );
    this.#buffer.copy(grown, 0, 0, this.#buffered);
    this.#buffer = grown;
  }
}
