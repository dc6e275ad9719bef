/**
 * The folder of a recording. Never overwrites what is there: a recording whose folder exists goes on in a new one, or, when
 * asked to replace, first deletes what an earlier run of ours wrote there and nothing else. What was ours is known from a
 * list beside the folders, `.recall-emulator/<folder>.ndjson`.
 */
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** Of the names that we give, and no path: what the list says is only followed when it is one of these. */
const OUR_NAME = /^(?:events\.ndjson|connections\.ndjson|participant--?\d{1,16}\.wav)$/;
const LISTS_DIR = '.recall-emulator';
const MAX_FOLDERS = 10_000;
const MAX_LIST_BYTES = 4 * 1024 * 1024;

export interface RecordingFolder {
  readonly path: string;
  /** Notes that a file is ours, and gives its path: to be called before it is made. Throws what the system throws. */
  claim(name: string): string;
  /** Notes that this run is over: the next may replace what it wrote. */
  complete(): void;
}

/**
 * Makes the folder for a recording below `dir`: `recording-<id>`, or `recording-<id>-2` and so on. Throws what the system
 * throws.
 */
export function makeRecordingFolder(
  dir: string,
  recordingId: string,
  options: { readonly replace: boolean },
): RecordingFolder {
  for (let number = 1; ; number++) {
    const name = `recording-${recordingId}${number === 1 ? '' : `-${number}`}`;
    const path = join(dir, name);
    const list = join(dir, LISTS_DIR, `${name}.ndjson`);
    try {
      mkdirSync(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || number === MAX_FOLDERS) throw error;
      if (!options.replace || !clear(path, list, recordingId)) continue;
    }
    mkdirSync(join(dir, LISTS_DIR), { recursive: true });
    writeFileSync(list, line({ recording: recordingId, pid: process.pid, ...identity(path) }));
    return {
      path,
      claim(fileName) {
        appendFileSync(list, line({ file: fileName }));
        return join(path, fileName);
      },
      complete: () => appendFileSync(list, line({ complete: true })),
    };
  }
}

function line(entry: Record<string, unknown>): string {
  return `${JSON.stringify(entry)}\n`;
}

/** A folder that was moved away and made anew is another one. */
function identity(path: string): { readonly dev: number; readonly ino: number } {
  const { dev, ino } = statSync(path);
  return { dev, ino };
}

interface List {
  readonly recording: unknown;
  readonly pid: unknown;
  readonly dev: unknown;
  readonly ino: unknown;
  readonly files: readonly string[];
  readonly complete: boolean;
}

/** Deletes what the list names. False when the folder may not be used again. */
function clear(path: string, listPath: string, recordingId: string): boolean {
  const list = readList(listPath);
  if (list === undefined || list.recording !== recordingId) return false;
  const { dev, ino } = identity(path);
  if (list.dev !== dev || list.ino !== ino) return false;
  if (!list.complete && isAlive(list.pid)) return false;
  const ours = new Set(list.files);
  // Files of somebody else under names that we will need: theirs stay, and we go elsewhere.
  if (readdirSync(path).some((name) => OUR_NAME.test(name) && !ours.has(name))) return false;
  return [...ours].every((name) => remove(join(path, name)));
}

function remove(path: string): boolean {
  try {
    unlinkSync(path);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

function readList(path: string): List | undefined {
  try {
    const stats = statSync(path);
    if (!stats.isFile() || stats.size > MAX_LIST_BYTES) return undefined;
    const [head, ...entries] = readFileSync(path, 'utf8')
      .split('\n')
      .flatMap((text) => parsed(text));
    if (head === undefined) return undefined;
    return {
      recording: head.recording,
      pid: head.pid,
      dev: head.dev,
      ino: head.ino,
      files: entries.flatMap(({ file }) => (typeof file === 'string' && OUR_NAME.test(file) ? [file] : [])),
      complete: entries.some(({ complete }) => complete === true),
    };
  } catch {
    return undefined;
  }
}

/** A process that was killed may have left half a line. */
function parsed(text: string): Record<string, unknown>[] {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? [value as Record<string, unknown>] : [];
  } catch {
    return [];
  }
}

/** Whether the process that wrote a list still runs: it is not finished with its files. */
function isAlive(pid: unknown): boolean {
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid < 1) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
