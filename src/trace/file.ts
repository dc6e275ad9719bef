/**
 * The file of a trace: the page, and behind it one block after another. Nothing is held in memory. A disk that refuses ends the
 * writing, and not the run: `failure` says why.
 */
import { deflateRawSync } from 'node:zlib';
import { builtPage } from '../built-page.ts';
import { EmulatorError } from '../errors.ts';
import { writeError } from '../files.ts';
import { type OutputFile, OutputFiles } from '../output-files.ts';
import type { BlockKind } from './format.ts';

/** What stands in a block's element: numbers, so that nothing from outside is ever markup. */
type BlockNumbers = Readonly<Record<string, number>>;

/** Makes trace files. Only a few of them are open at a time. */
export class TraceFiles {
  readonly #page: Buffer;
  readonly #files = new OutputFiles(8);

  private constructor(page: Buffer) {
    this.#page = page;
  }

  /** Rejects with an `EmulatorError` (`page_missing`). */
  static async open(): Promise<TraceFiles> {
    const page = await builtPage('trace');
    const end = page.lastIndexOf('</body>');
    if (end === -1) throw new Error('the page of traces has no end');
    return new TraceFiles(Buffer.from(page.slice(0, end)));
  }

  /** Makes the file; one of its name is replaced. Throws a `WriteError` or a `UsageError` when there can be none. */
  create(path: string): TraceFile {
    try {
      return new TraceFile(this.#files.create(path, { replace: true }), this.#page);
    } catch (error) {
      throw writeError(error, path);
    }
  }
}

export class TraceFile {
  readonly path: string;
  /** Why it was not written to its end. */
  failure: EmulatorError | undefined;
  readonly soundUse = { bytes: 0 };
  readonly #file: OutputFile;
  #size = 0;
  #meetings = 0;

  constructor(file: OutputFile, page: Buffer) {
    this.path = file.path;
    this.#file = file;
    file.write(page, 0);
    this.#size = page.length;
  }

  /** The number of another meeting. */
  nextMeeting(): number {
    return ++this.#meetings;
  }

  /** A block of JSON. */
  json(kind: BlockKind, meeting: number, value: unknown): void {
    this.deflated(kind, meeting, Buffer.from(JSON.stringify(value)));
  }

  deflated(kind: BlockKind, meeting: number, bytes: Uint8Array): void {
    this.block(kind, { m: meeting }, deflateRawSync(bytes));
  }

  /** Bytes as they are. */
  block(kind: BlockKind, numbers: BlockNumbers, bytes: Uint8Array): void {
    if (this.failure !== undefined) return;
    const attributes = Object.entries(numbers).map(([name, value]) => ` data-${name}="${value}"`);
    const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
    const text = `<script type="text/plain" data-k="${kind}"${attributes.join('')}>${base64}</script>\n`;
    try {
      this.#file.write(Buffer.from(text, 'latin1'), this.#size);
      this.#size += text.length;
    } catch (cause) {
      const error = writeError(cause, this.path);
      // Anything else is a defect, and hiding it would make it worse.
      if (!(error instanceof EmulatorError)) throw error;
      this.failure = error;
      this.close();
    }
  }

  /** Frees the descriptor. What is written later opens it again. */
  close(): void {
    this.#file.release();
  }
}
