/** What a disk or a full table of open files says, in plain words and with a code that programs can tell apart. */
import { plainText } from '../plain-text.ts';

export interface DiskFailure {
  /** Becomes the `sub_code` of a recording that ends by it. */
  readonly code: string;
  /** One sentence without its full stop. Safe to print. */
  readonly text: string;
}

const CODES: Readonly<Record<string, readonly [code: string, says: string]>> = {
  ENOSPC: ['emulator_disk_full', 'the disk is full'],
  EDQUOT: ['emulator_disk_full', 'the disk quota is used up'],
  EFBIG: ['emulator_disk_full', 'the file has become too large'],
  EACCES: ['emulator_disk_refused', 'permission denied'],
  EPERM: ['emulator_disk_refused', 'permission denied'],
  EROFS: ['emulator_disk_refused', 'the disk is read-only'],
  ENOENT: ['emulator_disk_refused', 'the folder does not exist (any more)'],
  EEXIST: ['emulator_disk_refused', 'a file is where a folder is needed'],
  ENOTDIR: ['emulator_disk_refused', 'a file is where a folder is needed'],
  EMFILE: ['emulator_too_many_open_files', 'this process has too many open files (see ulimit -n)'],
  ENFILE: ['emulator_too_many_open_files', 'this machine has too many open files'],
};

/** Undefined for an error that is none of the system's: a defect. */
export function diskFailure(error: unknown): DiskFailure | undefined {
  const { code, message, path } = error as NodeJS.ErrnoException;
  if (typeof code !== 'string' || !/^E[A-Z0-9]+$/.test(code)) return undefined;
  const [name, says] = CODES[code] ?? ['emulator_disk_failed', message];
  return { code: name, text: plainText(path === undefined ? says : `${path}: ${says}`) };
}
