/** Disks that misbehave: a small file system that fills up, and one that cannot be written. Need the right to mount. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs `use` with a folder on a tmpfs of its own; `options` as for mount, such as `size=200k`. */
export async function withDisk<T>(options: string, use: (dir: string) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'recall-emulator-disk-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', dir]);
  try {
    if (mounted.status !== 0) throw new Error(`cannot mount: ${mounted.stderr}`);
    return await use(dir);
  } finally {
    if (mounted.status === 0) spawnSync('umount', ['-l', dir]);
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Whether this user may mount; tests that need it are skipped openly otherwise. */
export const canMount = ((): boolean => {
  const dir = mkdtempSync(join(tmpdir(), 'recall-emulator-disk-'));
  try {
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', dir]).status !== 0) return false;
    spawnSync('umount', [dir]);
    return true;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
})();
