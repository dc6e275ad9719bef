import { describe, expect, it } from 'vitest';
import { checkSummaryLines } from '../../src/cli/check-summary.ts';
import { widthOf } from '../../src/cli/layout.ts';
import { CAUSE, caseResult, checkReport, HOSTILE } from '../check/reports/sample.ts';

describe('the summary of a check', () => {
  const failed = caseResult({ verdict: 'fail', headline: 'no file of Alex' });

  it('has causes, what failed, what nobody saw, and how to have it again', () => {
    const report = checkReport(
      [
        failed,
        { ...failed, connections: 'per-endpoint' },
        caseResult({ id: 'basic.one_speaker', verdict: 'not_seen', unseen: ['what was kept: give `files`'] }),
        caseResult({ id: 'mute.off_and_on', verdict: 'fail', known: true, headline: 'missing 1.0–2.0 s' }),
      ],
      { causes: [CAUSE], keeps: 'concatenation', fixed: ['names.null'] },
    );
    expect(checkSummaryLines(report, 80)).toEqual([
      '  likely cause: The receiver keys audio by name: no file of Alex.',
      '    - no file of Alex, who was sent for 2.5 s',
      '    - seen in names.equal',
      '    → Key by `data.data.participant.id`, never by `name`.',
      'failed:',
      '  names.equal: two people have the same name',
      '    - no file of Alex',
      'failed as expected:',
      '  mute.off_and_on (per-participant): two people have the same name',
      '    - missing 1.0–2.0 s',
      'fixed: names.null fails no more; take it out of the list of known failures',
      'not seen in basic.one_speaker: what was kept: give --files',
      'Silence is left out: stretches of audio follow each other (concatenation).',
      '0 passed, 2 failed, 1 not seen, 1 failed as expected; 2.5 s. The same again:',
      '  --seed 7',
    ]);
  });

  it('says what to do where no cause does', () => {
    expect(checkSummaryLines(checkReport([failed]), 80)).toContain('    → Key by id.');
  });

  it('fits a terminal and prints nothing raw', () => {
    const cases = Array.from({ length: 50 }, (_, index) =>
      caseResult({ id: `names.n${index}`, verdict: 'fail', headline: HOSTILE.repeat(9) }),
    );
    const lines = checkSummaryLines(checkReport(cases), 80);
    expect(lines).toContain('  and 30 more; --json has them all');
    for (const line of lines) {
      expect(widthOf(line)).toBeLessThanOrEqual(80);
      expect(line).not.toMatch(/\p{Cc}/u);
    }
  });
});
