/**
 * The data folder: each bot's state as one JSON file that is replaced as a whole, and the audio of its recordings beside
 * it. A process that is killed leaves the state of a moment ago; whoever was in a call then comes back as `fatal`.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EmulatorError } from '../errors.ts';
import { BYTES_PER_SAMPLE } from '../protocol/pcm.ts';
import { MIXED_FILE } from './recording-files.ts';
import { type BotState, hasEnded, statusOf } from './records.ts';

const STATE_FILE = 'bot.json';
const KEY_FILE = 'downloads.key';
/** Changes within this time are written together. Wall milliseconds. */
const WRITE_DELAY_MS = 200;

export class DataFolder {
  readonly dir: string;
  readonly #pending = new Map<string, NodeJS.Timeout>();

  /** `dir` is made when it does not exist. */
  constructor(dir: string) {
    this.dir = dir;
    mkdirSync(join(dir, 'bots'), { recursive: true });
  }

  botDir(botId: string): string {
    return join(this.dir, 'bots', botId);
  }

  recordingDir(botId: string, recordingId: string): string {
    return join(this.botDir(botId), recordingId);
  }

  /** Keeps the state soon. The object is read when it is written. */
  keep(state: BotState): void {
    const { id } = state.bot;
    if (this.#pending.has(id)) return;
    const write = (): void => {
      this.#pending.delete(id);
      this.#write(state);
    };
    this.#pending.set(id, setTimeout(write, WRITE_DELAY_MS).unref());
    // What is new is on disk before the client is told of it.
    if (state.bot.statusChanges.length <= 1) this.#write(state);
  }

  remove(state: BotState): void {
    clearTimeout(this.#pending.get(state.bot.id));
    this.#pending.delete(state.bot.id);
    rmSync(this.botDir(state.bot.id), { recursive: true, force: true });
  }

  /** Writes everything that waits. */
  close(states: readonly BotState[]): void {
    for (const timer of this.#pending.values()) clearTimeout(timer);
    this.#pending.clear();
    for (const state of states) this.#write(state);
  }

  /** A key that stays the same over restarts, so that download URLs do. */
  key(make: () => Buffer): Buffer {
    const path = join(this.dir, KEY_FILE);
    try {
      return readFileSync(path);
    } catch {
      const key = make();
      writeFileSync(path, key, { mode: 0o600 });
      return key;
    }
  }

  /** All bots, oldest first. Throws an `EmulatorError` for a folder that something else has written into. */
  load(now: string): BotState[] {
    const states = readdirSync(join(this.dir, 'bots'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap((entry) => {
        const path = join(this.botDir(entry.name), STATE_FILE);
        let text: string;
        try {
          text = readFileSync(path, 'utf8');
        } catch {
          // Killed between making the folder and writing the file: nobody was told of this bot.
          return [];
        }
        try {
          return JSON.parse(text) as BotState;
        } catch {
          throw new EmulatorError('invalid_data_folder', `${path} is not what recall-emulator writes.`, {
            hint: 'Choose another --data-dir, or remove the folder of this bot.',
          });
        }
      })
      .sort((a, b) => a.bot.createdAt.localeCompare(b.bot.createdAt));
    for (const state of states) {
      if (!hasEnded(state.bot)) this.#recover(state, now);
    }
    return states;
  }

  /** The process ended in mid-call. What was recorded by then is whole; the bot is not. */
  #recover(state: BotState, now: string): void {
    const { bot } = state;
    if (
      statusOf(bot) !== 'ready' ||
      bot.statusChanges.length === 0 ||
      !isInFuture(bot.request.join_at, now)
    ) {
      bot.statusChanges.push({
        code: 'fatal',
        message: 'The emulator ended while the bot was in its call.',
        created_at: now,
        sub_code: 'emulator_restarted',
      });
    }
    for (const recording of state.recordings) {
      if (recording.status.code !== 'processing' && recording.status.code !== 'paused') continue;
      const status = { code: 'done' as const, sub_code: 'emulator_restarted', updated_at: now };
      recording.status = status;
      recording.completedAt ??= now;
      for (const artifact of state.artifacts)
        if (artifact.recordingId === recording.id && artifact.status.code === 'processing')
          artifact.status = status;
      for (const endpoint of state.realtimeEndpoints)
        if (endpoint.recordingId === recording.id && endpoint.status.code === 'running')
          endpoint.status = { ...status, code: 'failed' };
      const { content } = recording;
      const dir = this.recordingDir(bot.id, recording.id);
      // What counts is what the disk has, in whole samples.
      for (const part of content.audioParts) part.samples = samplesIn(join(dir, part.file));
      content.audioParts = content.audioParts.filter(({ samples }) => samples > 0);
      content.mixedSamples = samplesIn(join(dir, MIXED_FILE));
    }
    this.#write(state);
  }

  #write(state: BotState): void {
    const dir = this.botDir(state.bot.id);
    mkdirSync(dir, { recursive: true });
    const path = join(dir, STATE_FILE);
    writeFileSync(`${path}.new`, JSON.stringify(state));
    renameSync(`${path}.new`, path);
  }
}

function samplesIn(path: string): number {
  try {
    return Math.floor(statSync(path).size / BYTES_PER_SAMPLE);
  } catch {
    return 0;
  }
}

function isInFuture(joinAt: string | null | undefined, now: string): boolean {
  return joinAt != null && Date.parse(joinAt) > Date.parse(now);
}
