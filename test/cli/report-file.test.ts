/** Reports in files: written, or told why not. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { writeReport } from '../../src/cli/report-file.ts';
import { EmulatorError } from '../../src/errors.ts';
import { withFolder } from '../support/cli.ts';

let said: string[];
beforeEach(() => {
  said = [];
  vi.spyOn(console, 'error').mockImplementation((line) => said.push(line));
});
afterEach(() => {
  vi.restoreAllMocks();
});

it('writes what is made', async () => {
  await withFolder(async (dir) => {
    const file = join(dir, 'report.html');
    expect(await writeReport('--html', file, async () => 'all')).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe('all');
    expect(said).toEqual([`wrote ${file}`]);
  });
});

it('says which flag to change when the system refuses', async () => {
  await withFolder(async (dir) => {
    const file = join(dir, 'none', 'report.html');
    expect(await writeReport('--html', file, async () => 'all')).toBe(false);
    expect(said).toEqual([
      `error: ${file} cannot be written: it does not exist (ENOENT). Give --html another place.`,
    ]);
  });
});

it('does not blame the file when there is no report', async () => {
  const make = (): Promise<string> =>
    Promise.reject(new EmulatorError('page_missing', 'The page is missing.', { hint: 'Install it again.' }));
  expect(await writeReport('--html', 'report.html', make)).toBe(false);
  expect(said).toEqual(['error: report.html was not written: The page is missing. Install it again.']);
});
