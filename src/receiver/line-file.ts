/** A file of lines, written in batches. On disk there are only whole lines. */
import type { OutputFile } from '../output-files.ts';

const FLUSH_BYTES = 256 * 1024;
const FIRST_BATCH_BYTES = 4 * 1024;
const NO_BYTES = Buffer.alloc(0);
const LINE_BREAK = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;

export class LineFile {
  readonly #file: OutputFile;
  /** Grows with what comes in between two flushes, and is given back when nothing does. */
  #batch = NO_BYTES;
  #batchBytes = 0;
  #bytesOnDisk = 0;

  constructor(file: OutputFile) {
    this.#file = file;
  }

  /** Adds JSON, in UTF-8, as one line; it is copied. Throws what the system throws. */
  append(json: Uint8Array): void {
    const start = this.#batchBytes;
    const end = start + json.length;
    this.#makeRoom(end + 1);
    this.#batch.set(json, start);
    this.#batch[end] = LINE_BREAK;
    this.#batchBytes = end + 1;
    this.#putOnOneLine(start, end);
    if (this.#batchBytes >= FLUSH_BYTES) this.flush();
  }

  flush(): void {
    const bytes = this.#batch.subarray(0, this.#batchBytes);
    // One long message does not hold its memory for ever.
    if (bytes.length === 0 || bytes.length > 2 * FLUSH_BYTES) this.#batch = NO_BYTES;
    if (bytes.length === 0) return;
    this.#batchBytes = 0;
    try {
      this.#file.write(bytes, this.#bytesOnDisk);
    } catch (error) {
      this.#cutToWholeLines(bytes);
      throw error;
    }
    this.#bytesOnDisk += bytes.length;
  }

  /** Flushes, and gives its memory back until something comes again. Throws what the system throws. */
  rest(): void {
    this.flush();
    this.#batch = NO_BYTES;
  }

  close(): void {
    try {
      this.flush();
    } finally {
      this.#file.release();
      this.#batch = NO_BYTES;
    }
  }

  /** A message may be pretty-printed. Within JSON a raw line break can only be white space between two tokens. */
  #putOnOneLine(start: number, end: number): void {
    const line = this.#batch.subarray(start, end);
    for (const code of [LINE_BREAK, CARRIAGE_RETURN])
      for (let at = line.indexOf(code); at !== -1; at = line.indexOf(code, at + 1)) line[at] = SPACE;
  }

  #makeRoom(bytes: number): void {
    if (bytes <= this.#batch.length) return;
    const grown = Buffer.allocUnsafe(Math.max(bytes, FIRST_BATCH_BYTES, this.#batch.length * 2));
    this.#batch.copy(grown, 0, 0, this.#batchBytes);
    this.#batch = grown;
  }

  /** A disk that became full has taken a part of the batch, which may end in half a line. */
  #cutToWholeLines(batch: Buffer): void {
    try {
      const written = this.#file.size() - this.#bytesOnDisk;
      this.#file.truncate(
        this.#bytesOnDisk + batch.subarray(0, Math.max(0, written)).lastIndexOf(LINE_BREAK) + 1,
      );
    } catch {
      // The error that is thrown already says what the disk does.
    }
  }
}
