/** A file of lines, written in batches. On disk there are only whole lines. */
import type { OutputFile } from '../output-files.ts';

const FLUSH_CHARACTERS = 256 * 1024;

export class LineFile {
  readonly #file: OutputFile;
  #lines: string[] = [];
  #characters = 0;
  #bytesOnDisk = 0;

  constructor(file: OutputFile) {
    this.#file = file;
  }

  /** Adds JSON text as one line. Throws what the system throws. */
  append(json: string): void {
    // A message may be pretty-printed. Within JSON a raw line break can only be white space between two tokens.
    this.#lines.push(json.replace(/[\r\n]+/g, ' '));
    this.#characters += json.length;
    if (this.#characters >= FLUSH_CHARACTERS) this.flush();
  }

  flush(): void {
    if (this.#lines.length === 0) return;
    const bytes = Buffer.from(`${this.#lines.join('\n')}\n`);
    this.#lines = [];
    this.#characters = 0;
    try {
      this.#file.write(bytes, this.#bytesOnDisk);
    } catch (error) {
      this.#cutToWholeLines(bytes);
      throw error;
    }
    this.#bytesOnDisk += bytes.length;
  }

  close(): void {
    try {
      this.flush();
    } finally {
      this.#file.release();
    }
  }

  /** A disk that became full has taken a part of the batch, which may end in half a line. */
  #cutToWholeLines(batch: Buffer): void {
    try {
      const written = this.#file.size() - this.#bytesOnDisk;
      this.#file.truncate(this.#bytesOnDisk + batch.subarray(0, Math.max(0, written)).lastIndexOf(0x0a) + 1);
    } catch {
      // The error that is thrown already says what the disk does.
    }
  }
}
