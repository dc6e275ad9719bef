/**
 * The one way to files that a user or the network names. Reads regular files only, with a bound: no pipe that never ends, no
 * device, nothing of the kernel's. Says in words what the system refused. Knows nothing of what is in a file.
 */
import { constants, existsSync, mkdirSync, type Stats, statfsSync, statSync } from 'node:fs';
import { type FileHandle, open, stat, statfs } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { EmulatorError, UsageError } from './errors.ts';

/** Why the system refused something, by its code. Anything else is told by its code alone. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission is denied',
  EPERM: 'the operation is not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file is too large for its file system',
  EMFILE: 'this process has too many files open (see ulimit -n)',
  ENFILE: 'this machine has too many files open',
  EEXIST: 'something of this name is there already',
  ENOENT: 'it does not exist',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'it is a folder',
  ELOOP: 'its symbolic links go in a circle',
  ENAMETOOLONG: 'the name is too long',
  EIO: 'the disk has an error',
};

/** What the user can do about it. */
const REMEDIES: Readonly<Record<string, string>> = {
  EACCES: 'Give this user the right to it, or choose another place.',
  EPERM: 'Choose another place.',
  EROFS: 'Choose a place that can be written.',
  ENOSPC: 'Make room, or choose another disk.',
  EDQUOT: 'Make room, or choose another disk.',
  EMFILE: 'Raise the limit with ulimit -n.',
  EEXIST: 'Move it away, or choose another name.',
  ENOTDIR: 'Choose a path whose parts are folders.',
};

/** The system refused to write. The CLI exits with 1: the input was fine. `code` is the system's, such as `ENOSPC`. */
export class WriteError extends EmulatorError {
  override readonly name = 'WriteError';
}

/** `the disk is full (ENOSPC)`; undefined for what is no refusal of the system. */
export function refusalOf(error: unknown): string | undefined {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (typeof code !== 'string' || syscall === undefined) return undefined;
  const reason = REASONS[code];
  return reason === undefined ? `the system says ${code}` : `${reason} (${code})`;
}

/** What the system threw while `path` was written, as an error for users. Anything else is given back as it is. */
export function writeError(error: unknown, path: string): unknown {
  const refusal = refusalOf(error);
  if (refusal === undefined) return error;
  const { code = '' } = error as NodeJS.ErrnoException;
  return new WriteError(code, `${path} cannot be written: ${refusal}.`, {
    hint: REMEDIES[code],
    cause: error,
  });
}

/** Linux file systems that are the kernel's own: their files have no true size, and writing to some changes the machine. */
const KERNEL_FILE_SYSTEMS = new Set([
  0x9fa0, // proc
  0x62656572, // sys
  0x64626720, // debugfs
  0x74726163, // tracefs
  0x73636673, // securityfs
  0x62656570, // configfs
  0x27e0eb, // cgroup
  0x63677270, // cgroup2
  0x1cd1, // devpts
]);

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a pipe';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}

/**
 * Opens a regular file for reading. Throws the system's error when it cannot be opened, and a `UsageError`
 * (`not_a_file`) for pipes, devices, folders and files of the kernel, none of which is opened.
 */
export async function openRegularFile(path: string): Promise<FileHandle> {
  refuseIrregular(path, await stat(path), (await statfs(path)).type);
  // Somebody may put a pipe there in between: it must not make us wait either.
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    refuseIrregular(path, await handle.stat());
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function refuseIrregular(path: string, stats: Stats, fileSystem?: number): void {
  if (stats.isFile() && (fileSystem === undefined || !KERNEL_FILE_SYSTEMS.has(fileSystem))) return;
  const kind = stats.isFile() ? 'a file of the kernel' : kindOf(stats);
  throw new UsageError('not_a_file', `${path} is ${kind}, not a regular file.`, {
    hint: 'Write what it holds into a file, and name that.',
  });
}

/**
 * The text of a file that the user named. Throws a `UsageError`: `file_unreadable`, `not_a_file`, `file_too_large`, the last
 * also when the file grows beyond the bound while it is read.
 */
export async function readTextFile(path: string, maxBytes: number): Promise<string> {
  const handle = await openNamed(path);
  try {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for (;;) {
      const { bytesRead, buffer } = await handle.read({ buffer: Buffer.allocUnsafe(READ_BYTES) });
      if (bytesRead === 0) return Buffer.concat(chunks).toString('utf8');
      bytes += bytesRead;
      if (bytes > maxBytes) throw tooLarge(path, maxBytes);
      chunks.push(buffer.subarray(0, bytesRead));
    }
  } finally {
    await handle.close();
  }
}

/** A line of a text file. `text` is undefined when it is longer than allowed; the lines behind it are read all the same. */
export interface TextLine {
  readonly line: number;
  readonly text: string | undefined;
}

/** The lines of a file, one at a time; only LF ends a line. Throws a `UsageError`: `file_unreadable`, `not_a_file`. */
export async function* readLines(path: string, maxLineBytes: number): AsyncGenerator<TextLine> {
  const handle = await openNamed(path);
  try {
    let line = 1;
    let pending: Buffer[] = [];
    let pendingBytes = 0;
    const take = (): TextLine => {
      const text = pendingBytes > maxLineBytes ? undefined : Buffer.concat(pending).toString('utf8');
      pending = [];
      pendingBytes = 0;
      return { line: line++, text };
    };
    const keep = (bytes: Buffer): void => {
      pendingBytes += bytes.length;
      if (pendingBytes > maxLineBytes) pending = [];
      else pending.push(bytes);
    };
    for (;;) {
      const { bytesRead, buffer } = await handle.read({ buffer: Buffer.allocUnsafe(READ_BYTES) });
      if (bytesRead === 0) break;
      const chunk = buffer.subarray(0, bytesRead);
      let start = 0;
      for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, start)) {
        keep(chunk.subarray(start, end));
        yield take();
        start = end + 1;
      }
      if (start < chunk.length) keep(chunk.subarray(start));
    }
    if (pendingBytes > 0) yield take();
  } finally {
    await handle.close();
  }
}

const READ_BYTES = 64 * 1024;
const LF = 0x0a;

/** The same as `openRegularFile`, with the system's refusal as a `UsageError` (`file_unreadable`). */
async function openNamed(path: string): Promise<FileHandle> {
  try {
    return await openRegularFile(path);
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    throw new UsageError('file_unreadable', `${path} cannot be read: ${refusal}.`, {
      hint: 'Check the path.',
      cause: error,
    });
  }
}

function tooLarge(path: string, maxBytes: number): UsageError {
  return new UsageError('file_too_large', `${path} is too large.`, {
    hint: `At most ${maxBytes / 1024 ** 2} MiB are read.`,
  });
}

/**
 * Makes a folder that the user named for output, with the folders above it. Throws a `UsageError` (`not_a_folder`) when it
 * would be among the kernel's files or in place of a pipe or device, and a `WriteError` for what the system refuses.
 */
export function makeOutputFolder(path: string): void {
  try {
    const wanted = resolve(path);
    const { existing, type } = closestFolder(wanted);
    if (KERNEL_FILE_SYSTEMS.has(type)) {
      throw new UsageError('not_a_folder', `${path} is among the files of the kernel.`, {
        hint: 'Choose a folder on a disk.',
      });
    }
    // One after the other: Node's recursive way says of a read-only file system that the folder does not exist.
    let folder = existing;
    for (const name of relative(existing, wanted)
      .split(sep)
      .filter((part) => part !== '')) {
      folder = join(folder, name);
      if (!existsSync(folder)) mkdirSync(folder);
    }
    if (!statSync(wanted).isDirectory())
      throw Object.assign(new Error(path), { code: 'EEXIST', syscall: 'mkdir' });
  } catch (error) {
    throw writeError(error, path);
  }
}

/** The closest that exists of a path and the folders above it, and what kind of file system it is on. */
function closestFolder(path: string): { readonly existing: string; readonly type: number } {
  for (let existing = path; ; existing = dirname(existing)) {
    try {
      return { existing, type: statfsSync(existing).type };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(existing) === existing) throw error;
    }
  }
}
