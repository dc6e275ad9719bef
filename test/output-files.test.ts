import { mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OutputFiles } from '../src/output-files.ts';
import { withFolder } from './support/cli.ts';

function openDescriptors(dir: string): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(dir);
    } catch {
      // The descriptor with which the list was read is gone.
      return false;
    }
  }).length;
}

describe('output files', () => {
  it('are as many as are wanted, with few open at once, and each gets what is written to it', () =>
    withFolder(async (dir) => {
      const files = new OutputFiles(3);
      const all = Array.from({ length: 10 }, (_, index) => files.create(join(dir, `${index}`)));
      for (let round = 0; round < 3; round++)
        for (const [index, file] of all.entries()) file.write(Buffer.from(`${index}`), round);
      if (process.platform === 'linux') expect(openDescriptors(dir)).toBe(3);
      for (const file of all) file.release();
      if (process.platform === 'linux') expect(openDescriptors(dir)).toBe(0);
      for (const [index, { path }] of all.entries())
        expect(readFileSync(path, 'utf8')).toBe(`${index}`.repeat(3));
    }));

  it('never take the place of a file that is there, unless it may go', () =>
    withFolder(async (dir) => {
      const path = join(dir, 'there');
      writeFileSync(path, 'precious');
      const files = new OutputFiles();
      expect(() => files.create(path)).toThrow(expect.objectContaining({ code: 'EEXIST' }));
      expect(readFileSync(path, 'utf8')).toBe('precious');
      files.create(path, { replace: true }).release();
      expect(readFileSync(path, 'utf8')).toBe('');
      mkdirSync(join(dir, 'folder'));
      expect(() => files.create(join(dir, 'folder'), { replace: true })).toThrow(
        expect.objectContaining({ code: 'EISDIR' }),
      );
    }));
});
