/** A mix of all participants as a witness. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withFolder } from '../../support/cli.ts';
import { checked } from './checked.ts';

describe('check with a mix', () => {
  it('passes when everybody is in it', async () => {
    await withFolder(async (dir) => {
      const report = await checked({ mix: join(dir, '{recording_id}.raw') }, { MIX: dir });
      expect(report.cases.map(({ verdict, lines }) => ({ verdict, lines }))).toEqual([
        { verdict: 'pass', lines: [] },
      ]);
    });
  });

  it('fails when there is none, and says so', async () => {
    await withFolder(async (dir) => {
      const report = await checked({ mix: join(dir, '{recording_id}.raw'), filesWaitSeconds: 0.1 });
      expect(report.cases[0]!.lines.map(({ code, text }) => `${code}: ${text}`)).toEqual([
        'no_file: no mix of the meeting',
      ]);
    });
  });

  it('refuses a pattern of single participants', async () => {
    await expect(checked({ mix: 'out/{id}.wav' })).rejects.toMatchObject({ code: 'invalid_pattern' });
  });
});
