import { describe, expect, it } from 'vitest';
import { CASES } from '../../src/check/cases/index.ts';
import { planCase } from '../../src/check/run.ts';
import { CheckProgress, resultLines } from '../../src/cli/check-progress.ts';
import { widthOf } from '../../src/cli/layout.ts';
import { caseResult } from '../check/reports/sample.ts';

const [first] = CASES;
const planned = Array.from({ length: 4 }, () => ({
  ...planCase(first!, { connections: 'per-participant', secret: undefined }),
  seconds: 2,
}));

describe('the progress of a check', () => {
  it('tells what is left by what the cases that are over took', () => {
    const progress = new CheckProgress();
    progress.plan(planned);
    expect(progress.totalSeconds).toBe(8);
    progress.start(planned[0]!);
    expect(progress.secondsLeft(0.5)).toBe(7.5);
    // Twice as long as it was estimated.
    progress.result(caseResult({ duration_s: 4 }));
    expect(progress.secondsLeft(0)).toBe(12);
    progress.start(planned[1]!);
    expect(progress.secondsLeft(1)).toBe(11);
    expect(progress.secondsLeft(100)).toBe(8);
  });

  it('shows the case that runs and a bar, in any terminal', () => {
    const progress = new CheckProgress();
    progress.plan(planned);
    progress.start(planned[0]!);
    progress.result(caseResult({ verdict: 'fail', duration_s: 2 }));
    progress.start(planned[1]!);
    const lines = progress.lines(0.5, { columns: 80, rows: 24 });
    expect(lines).toEqual([
      '▸ basic.one_speaker (per-participant, 0.5 s)  one person speaks',
      '████████░░░░░░░░░░░░░░░░░░░░░░  1 of 4 cases, 1 failed, about 6 s left',
    ]);
    for (const line of progress.lines(0.5, { columns: 20, rows: 3 }))
      expect(widthOf(line)).toBeLessThanOrEqual(20);
  });

  it('says of a result what is wrong, cleaned, and counts no failure that is known', () => {
    const failed = caseResult({ verdict: 'fail', headline: 'no file of a\u001b[31m\nb' });
    expect(resultLines(failed, 12)).toEqual([
      '✘ names.equal   per-participant  1.3 s',
      '    no file of a\\u001b[31m\\nb',
    ]);
    expect(resultLines({ ...failed, known: true }, 12)[1]).toMatch(/^ {4}expected to fail: no file/);
    const progress = new CheckProgress();
    progress.plan(planned);
    progress.result({ ...failed, known: true });
    expect(progress.lines(0, { columns: 80, rows: 24 })[0]).not.toContain('failed');
  });
});
