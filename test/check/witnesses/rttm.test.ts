/** Who spoke when, by the receiver's account, as a witness. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withFolder } from '../../support/cli.ts';
import { checked } from './checked.ts';

describe('check with an RTTM file', () => {
  it('passes when it is right, and notes the error rate', async () => {
    await withFolder(async (dir) => {
      const report = await checked(
        { rttm: join(dir, '{recording_id}.rttm'), cases: ['names.equal'] },
        { RTTM: dir },
      );
      const [result] = report.cases;
      expect(result!.lines.filter(({ code }) => code.startsWith('speak'))).toEqual([]);
      const score = result!.lines.find(({ code }) => code === 'diarization');
      expect(score).toMatchObject({ severity: 'note', participant: null });
      expect(score!.text).toMatch(/^DER 0\.0 % \(.* of \d\.\d s of speech\)$/);
    });
  });

  it('fails when two people are one to it', async () => {
    await withFolder(async (dir) => {
      const report = await checked(
        { rttm: join(dir, '{recording_id}.rttm'), cases: ['names.equal'] },
        { RTTM: dir, ONE_SPEAKER: 1 },
      );
      const [result] = report.cases;
      expect(result!.verdict).toBe('fail');
      expect(result!.lines.map(({ code }) => code)).toContain('speaker_missing');
    });
  });

  it('fails when it is no RTTM', async () => {
    await withFolder(async (dir) => {
      // Newer than the beginning of the case.
      const report = await checked({
        rttm: join(dir, 'speech*.rttm'),
        onSession: () => writeFileSync(join(dir, 'speech.rttm'), 'who knows\n'),
      });
      const line = report.cases[0]!.lines.find(({ code }) => code === 'unreadable');
      expect(line?.text).toContain('`who knows`');
    });
  });
});
