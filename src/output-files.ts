/**
 * Files that are written a little at a time, any number of them: only so many are open at once. The one that was used least
 * recently is closed, and opened again when it is written next. Makes files; never appends to one that was there before.
 */
import { closeSync, constants, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { UsageError } from './errors.ts';

/** A file of ours, open or not. Everything throws the system's error when the disk refuses. */
export interface OutputFile {
  readonly path: string;
  /** Puts all of `bytes` at a position, in bytes. What lies between the file's end and a position beyond it reads as zeros. */
  write(bytes: Uint8Array, position: number): void;
  /** In bytes. */
  size(): number;
  /** Cuts the file at `bytes`. */
  truncate(bytes: number): void;
  /** Frees the descriptor; a later write opens the file again. Safe to call twice. */
  release(): void;
}

/** Leaves room for sockets under the usual limit of 256 descriptors of small systems. */
const DEFAULT_LIMIT = 64;

const NON_BLOCKING = constants.O_NONBLOCK ?? 0;
const REPLACE = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | NON_BLOCKING;
const MAKE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
const REOPEN = constants.O_WRONLY | NON_BLOCKING;

export class OutputFiles {
  readonly #limit: number;
  /** Descriptors, the least recently used first. */
  readonly #open = new Map<OutputFile, number>();

  constructor(limit = DEFAULT_LIMIT) {
    this.#limit = limit;
  }

  /**
   * Makes a file. Throws `EEXIST` when there is one, unless `replace` says that it may go, and a `UsageError` (`not_a_file`)
   * where a pipe or a device stands.
   */
  create(path: string, options: { readonly replace?: boolean } = {}): OutputFile {
    const file: OutputFile = {
      path,
      write: (bytes, position) => {
        const fd = this.#descriptor(file);
        for (let written = 0; written < bytes.length; )
          written += writeSync(fd, bytes, written, bytes.length - written, position + written);
      },
      size: () => fstatSync(this.#descriptor(file)).size,
      truncate: (bytes) => ftruncateSync(this.#descriptor(file), bytes),
      release: () => this.#close(file),
    };
    this.#hold(file, options.replace === true ? REPLACE : MAKE);
    return file;
  }

  #descriptor(file: OutputFile): number {
    const fd = this.#open.get(file);
    if (fd === undefined) return this.#hold(file, REOPEN);
    // Moves it behind all others: a map keeps the order in which its keys came.
    this.#open.delete(file);
    this.#open.set(file, fd);
    return fd;
  }

  #hold(file: OutputFile, flags: number): number {
    while (this.#open.size >= this.#limit) this.#closeOldest();
    const fd = this.#openWithRoom(file.path, flags);
    if (!fstatSync(fd).isFile()) {
      closeSync(fd);
      throw new UsageError('not_a_file', `${file.path} is a pipe or a device, not a regular file.`, {
        hint: 'Choose another folder.',
      });
    }
    this.#open.set(file, fd);
    return fd;
  }

  /** Sockets may have taken the descriptors that we count on: ours are given back one by one until there is room. */
  #openWithRoom(path: string, flags: number): number {
    for (;;) {
      try {
        return openSync(path, flags);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if ((code !== 'EMFILE' && code !== 'ENFILE') || this.#open.size === 0) throw error;
        this.#closeOldest();
      }
    }
  }

  #closeOldest(): void {
    for (const file of this.#open.keys()) {
      this.#close(file);
      return;
    }
  }

  #close(file: OutputFile): void {
    const fd = this.#open.get(file);
    if (fd === undefined) return;
    this.#open.delete(file);
    closeSync(fd);
  }
}
