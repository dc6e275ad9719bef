/** The folder of a server that keeps nothing: audio for as long as it runs, and everything else in memory. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../errors.ts';
import type { Folder } from './data-folder.ts';
import { diskFailure } from './disk-errors.ts';
import type { BotState } from './records.ts';

export class TemporaryFolder implements Folder {
  readonly problems = 0;
  readonly #dir: string;

  /** Throws a `UsageError` (`temporary_folder_unusable`). */
  constructor() {
    try {
      this.#dir = mkdtempSync(join(tmpdir(), 'recall-emulator-'));
    } catch (error) {
      const failure = diskFailure(error);
      if (failure === undefined) throw error;
      throw new UsageError('temporary_folder_unusable', `${tmpdir()} cannot be used: ${failure.text}.`, {
        hint: 'Audio of recordings is kept there: choose another folder with TMPDIR, or give `dataDir`.',
        cause: error,
      });
    }
  }

  recordingDir(_botId: string, recordingId: string): string {
    return join(this.#dir, recordingId);
  }

  keep(): void {}

  remove(): void {}

  async saved(): Promise<void> {}

  key(make: (bytes: number) => Buffer): Buffer {
    return make(32);
  }

  load(): BotState[] {
    return [];
  }

  async close(): Promise<void> {
    rmSync(this.#dir, { recursive: true, force: true });
  }
}
