/**
 * The data folder: each bot's state as one JSON file that is replaced as a whole, and the audio of its recordings beside
 * it. A process that is killed leaves the state of a moment ago; whoever was in a call then comes back as `fatal`.
 * Writes are asynchronous, because the thread that asks for them paces audio.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../../errors.ts';
import { diskFailure } from './disk-errors.ts';
import { lockFolder } from './folder-lock.ts';
import { type BotState, hasEnded } from './records.ts';
import { recover } from './recover.ts';
import { readState } from './state-file.ts';

const STATE_FILE = 'bot.json';
const KEY_FILE = 'downloads.key';
const KEY_BYTES = 32;
/** Changes within this time are written together: with the write itself, less than the second that may be lost. Wall milliseconds. */
const WRITE_DELAY_MS = 500;

/** Where a server keeps what its bots make. */
export interface Folder {
  /** How many writes have failed. */
  readonly problems: number;
  /** Folder for a recording's audio. */
  recordingDir(botId: string, recordingId: string): string;
  /** Keeps the state soon. The object is read when it is written. */
  keep(state: BotState): void;
  remove(state: BotState): void;
  /** Resolves when all that is known of this bot is on disk, or has been told not to be. */
  saved(botId: string): Promise<void>;
  /** The key of download URLs. */
  key(make: (bytes: number) => Buffer): Buffer;
  /** The bots of earlier servers, oldest first. `now` is written where one of them cannot go on. */
  load(now: string): BotState[];
  close(): Promise<void>;
}

export interface DataFolderOptions {
  readonly dir: string;
  /** A file that cannot be read or written; the rest goes on. */
  onProblem(text: string): void;
}

export class DataFolder implements Folder {
  readonly dir: string;
  problems = 0;
  readonly #onProblem: (text: string) => void;
  readonly #unlock: () => void;
  readonly #dirty = new Map<string, BotState>();
  /** The last write of each bot that is under way or waits. */
  readonly #writes = new Map<string, Promise<void>>();
  #timer: NodeJS.Timeout | undefined;

  /** `dir` is made when it does not exist. Throws a `UsageError` for a folder that cannot be used or is in use. */
  constructor({ dir, onProblem }: DataFolderOptions) {
    this.dir = dir;
    this.#onProblem = onProblem;
    this.#unlock = usable(dir, () => {
      mkdirSync(join(dir, 'bots'), { recursive: true, mode: 0o700 });
      return lockFolder(dir);
    });
  }

  recordingDir(botId: string, recordingId: string): string {
    return join(this.#botDir(botId), recordingId);
  }

  keep(state: BotState): void {
    this.#dirty.set(state.bot.id, state);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#saveAll();
    }, WRITE_DELAY_MS).unref();
  }

  remove(state: BotState): void {
    const { id } = state.bot;
    this.#dirty.delete(id);
    this.#queue(id, () => rm(this.#botDir(id), { recursive: true, force: true }));
  }

  async saved(botId: string): Promise<void> {
    if (this.#dirty.has(botId)) this.#queue(botId, () => this.#write(botId));
    await this.#writes.get(botId);
  }

  /** Writes everything that waits, and lets others have the folder. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#saveAll();
    await Promise.all(this.#writes.values());
    clearTimeout(this.#timer);
    this.#unlock();
  }

  /** A key that stays the same over restarts, so that download URLs do. Throws a `UsageError` for one of another length. */
  key(make: (bytes: number) => Buffer): Buffer {
    const path = join(this.dir, KEY_FILE);
    return usable(path, () => {
      if (!existsSync(path)) {
        const key = make(KEY_BYTES);
        writeFileSync(path, key, { mode: 0o600 });
        return key;
      }
      const key = readFileSync(path);
      if (key.length === KEY_BYTES) return key;
      throw new UsageError(
        'invalid_download_key',
        `${path} has ${key.length} bytes; a key has ${KEY_BYTES}.`,
        { hint: 'Remove it for a new one: download URLs that were made with the old one stop working.' },
      );
    });
  }

  /** A file that is not what we write is named and passed over. */
  load(now: string): BotState[] {
    const states = usable(this.dir, () => readdirSync(join(this.dir, 'bots'), { withFileTypes: true }))
      .filter((entry) => entry.isDirectory())
      .flatMap((entry) => this.#read(entry.name))
      .sort((a, b) => a.bot.createdAt.localeCompare(b.bot.createdAt));
    for (const state of states) {
      if (hasEnded(state.bot)) continue;
      recover(state, now, (botId, recordingId) => this.recordingDir(botId, recordingId));
      this.keep(state);
    }
    return states;
  }

  #read(botId: string): BotState[] {
    const path = join(this.#botDir(botId), STATE_FILE);
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (error) {
      // Killed between making the folder and writing the file: nobody was told of this bot.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
        this.#tell(`a bot is passed over: ${diskFailure(error)?.text ?? (error as Error).message}`);
      return [];
    }
    const state = readState(text, botId);
    if (!('problem' in state)) return [state];
    this.#tell(`a bot is passed over: ${path} ${state.problem}`);
    return [];
  }

  #botDir(botId: string): string {
    return join(this.dir, 'bots', botId);
  }

  /** One after the other, so that hundreds of bots do not open hundreds of files at once. */
  async #saveAll(): Promise<void> {
    for (const botId of [...this.#dirty.keys()]) await this.saved(botId);
  }

  /** Writes of one bot never overtake each other. A failure is told and does not reject. */
  #queue(botId: string, run: () => Promise<void>): void {
    const before = this.#writes.get(botId) ?? Promise.resolve();
    const write = before.then(run).catch((error: unknown) => {
      this.problems++;
      this.#tell(
        `the state of bot ${botId} is not on disk: ${diskFailure(error)?.text ?? (error as Error).stack}`,
      );
    });
    this.#writes.set(botId, write);
    void write.finally(() => {
      if (this.#writes.get(botId) === write) this.#writes.delete(botId);
    });
  }

  async #write(botId: string): Promise<void> {
    const state = this.#dirty.get(botId);
    if (state === undefined) return;
    this.#dirty.delete(botId);
    const dir = this.#botDir(botId);
    const path = join(dir, STATE_FILE);
    try {
      await mkdir(dir, { recursive: true, mode: 0o700 });
      await writeFile(`${path}.new`, JSON.stringify(state), { mode: 0o600 });
      await rename(`${path}.new`, path);
    } catch (error) {
      // With the next change it is tried again.
      if (!this.#dirty.has(botId)) this.#dirty.set(botId, state);
      throw error;
    }
  }

  #tell(text: string): void {
    this.#onProblem(`the data folder: ${text}`);
  }
}

/** Runs `use`; what the system says becomes the user's error. */
function usable<Result>(path: string, use: () => Result): Result {
  try {
    return use();
  } catch (error) {
    const failure = error instanceof UsageError ? undefined : diskFailure(error);
    if (failure === undefined) throw error;
    throw new UsageError('data_folder_unusable', `${path} cannot be used: ${failure.text}.`, {
      hint: 'Choose another `dataDir`.',
      cause: error,
    });
  }
}
