/** What the system refused a recording or a state: in words, and as a `sub_code` that programs can tell apart. */
import { refusalOf } from '../../files.ts';
import { plainText } from '../../plain-text.ts';

export interface DiskFailure {
  /** Becomes the `sub_code` of a recording that ends by it. */
  readonly code: string;
  /** One sentence without its full stop. Safe to print. */
  readonly text: string;
}

const SUB_CODES: Readonly<Record<string, string>> = {
  ENOSPC: 'emulator_disk_full',
  EDQUOT: 'emulator_disk_full',
  EFBIG: 'emulator_disk_full',
  EACCES: 'emulator_disk_refused',
  EPERM: 'emulator_disk_refused',
  EROFS: 'emulator_disk_refused',
  ENOENT: 'emulator_disk_refused',
  EEXIST: 'emulator_disk_refused',
  ENOTDIR: 'emulator_disk_refused',
  EMFILE: 'emulator_too_many_open_files',
  ENFILE: 'emulator_too_many_open_files',
};

/** Undefined for an error that is none of the system's: a defect. */
export function diskFailure(error: unknown): DiskFailure | undefined {
  const refusal = refusalOf(error);
  if (refusal === undefined) return undefined;
  const { code = '', path } = error as NodeJS.ErrnoException;
  return {
    code: SUB_CODES[code] ?? 'emulator_disk_failed',
    text: plainText(path === undefined ? refusal : `${path}: ${refusal}`),
  };
}
