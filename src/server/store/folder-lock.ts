/**
 * One server at a time in a data folder: a file `lock` with the process id of its owner. What a process that is gone left
 * behind is taken over.
 */
import { linkSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../errors.ts';

const LOCK_FILE = 'lock';
const PATIENCE = 10;

/** Folders that servers of this process have: a process id alone does not tell them apart. */
const ours = new Set<string>();

/** Takes the folder, which exists. Returns what gives it back. Throws a `UsageError` (`data_folder_in_use`). */
export function lockFolder(folder: string): () => void {
  const dir = realpathSync(folder);
  const path = join(dir, LOCK_FILE);
  for (let attempt = 0; attempt < PATIENCE && !ours.has(dir); attempt++) {
    if (create(path)) {
      ours.add(dir);
      return () => {
        if (ours.delete(dir)) rmSync(path, { force: true });
      };
    }
    const owner = ownerOf(path);
    if (owner === 'gone') continue;
    if (isAlive(owner)) throw inUse(folder, path, `process ${owner}`);
    removeStale(path);
  }
  throw inUse(folder, path, ours.has(dir) ? 'this process' : 'another process');
}

function create(path: string): boolean {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** The process id in the file; 0, which is no process, for anything else. */
function ownerOf(path: string): number | 'gone' {
  try {
    const text = readFileSync(path, 'utf8');
    return /^\d{1,10}$/.test(text) ? Number(text) : 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'gone';
    throw error;
  }
}

function isAlive(pid: number): boolean {
  // Our own id without our mark: an earlier process had it, as the first one of a container always has.
  if (pid === 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Moves the file away before it goes, so that a lock which somebody has just made in its place can be put back. */
function removeStale(path: string): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
    const owner = ownerOf(aside);
    if (owner !== 'gone' && isAlive(owner)) linkSync(aside, path);
  } catch (error) {
    // Another process was faster: the next look tells.
    if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  rmSync(aside, { force: true });
}

function inUse(folder: string, path: string, who: string): UsageError {
  return new UsageError('data_folder_in_use', `${folder} is in use by ${who}.`, {
    hint: `End that server, or choose another \`dataDir\`. If it is no recall-emulator, remove ${path}.`,
  });
}
