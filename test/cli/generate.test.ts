import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';

const SMALL = ['generate', '--participants', '1', '--duration', '2s', '--out'];

describe('generate', () => {
  it('tells paths below the working directory as one would type them, and others whole', async () => {
    const below = mkdtempSync('generate-');
    const elsewhere = mkdtempSync(join(tmpdir(), 'generate-'));
    try {
      const [near, far] = await Promise.all([runCli(...SMALL, below), runCli(...SMALL, elsewhere)]);
      expect(near.stdout).toContain(
        `play it: recall-emulator play ${join(basename(below), 'scenario.yaml')}`,
      );
      expect(near.stdout).not.toContain(process.cwd());
      expect(far.stdout).toContain(`play it: recall-emulator play ${join(elsewhere, 'scenario.yaml')}`);
    } finally {
      for (const dir of [below, elsewhere]) rmSync(dir, { recursive: true });
    }
  });
});
