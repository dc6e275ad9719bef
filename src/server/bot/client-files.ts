/**
 * Files of this machine that a client names. While only this machine can ask, a client may name what its user may read;
 * elsewhere only what lies below one folder, and errors tell nothing of what a file holds.
 */
import { isAbsolute, relative, resolve } from 'node:path';
import { EmulatorError, UsageError } from '../../errors.ts';
import type { ActivityLog } from '../store/activity.ts';

export interface ClientFilesOptions {
  /** The folder that others are confined to. */
  readonly dir: string;
  /** Whether only this machine can ask. */
  readonly loopback: boolean;
  readonly activity: ActivityLog;
}

export class ClientFiles {
  readonly #options: ClientFilesOptions;

  constructor(options: ClientFilesOptions) {
    this.#options = options;
  }

  /** Opens a file that a client named. Throws as `guarded` does, and a `UsageError` for a file that is out of reach. */
  async use<T>(name: string, what: string, open: (path: string) => Promise<T>): Promise<T> {
    const path = this.#path(name, what);
    return this.guarded(name, what, () => open(path));
  }

  /** Runs `open`. Others than this machine are not told what it throws, but a `UsageError` (`<what>_unusable`). */
  async guarded<T>(name: string, what: string, open: () => Promise<T>): Promise<T> {
    const { loopback, activity } = this.#options;
    try {
      return await open();
    } catch (error) {
      if (loopback || !(error instanceof EmulatorError)) throw error;
      activity.add('warning', `${what} "${name}" cannot be used: ${error.message} ${error.hint ?? ''}`);
      throw new UsageError(`${what}_unusable`, `The ${what} cannot be used.`, {
        hint: 'The log of recall-emulator has the reason.',
      });
    }
  }

  #path(name: string, what: string): string {
    const { dir, loopback } = this.#options;
    if (name.includes('\0'))
      throw new UsageError(`${what}_not_found`, `No ${what} file has such a name.`, { hint: 'Name a file.' });
    if (loopback) return name;
    const path = resolve(dir, name);
    const inside = relative(resolve(dir), path);
    if (inside.startsWith('..') || isAbsolute(inside)) {
      throw new UsageError(`${what}_outside`, `The ${what} file is not below the scenario folder.`, {
        hint: 'Name a file in it; which folder that is, the server was told at its start.',
      });
    }
    return path;
  }
}
