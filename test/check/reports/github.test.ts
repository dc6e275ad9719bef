import { describe, expect, it } from 'vitest';
import { githubAnnotations } from '../../../src/check/reports/github.ts';
import { CAUSE, caseResult, checkReport, HOSTILE } from './sample.ts';

describe('annotations of GitHub', () => {
  const failed = caseResult({ verdict: 'fail', headline: 'no file of Alex' });

  it('are one for each cause', () => {
    expect(githubAnnotations(checkReport([failed], { causes: [CAUSE] }))).toEqual([
      '::error title=check%3A names.equal::The receiver keys audio by name: no file of Alex Key by `data.data.participant.id`, never by `name`.',
    ]);
  });

  it('are one for each case where no cause is known, ten at most', () => {
    const unknown = { ...CAUSE, code: 'unknown' };
    expect(githubAnnotations(checkReport([failed], { causes: [unknown] }))).toEqual([
      '::error title=check%3A names.equal::no file of Alex Key by id.',
    ]);
    const many = Array.from({ length: 30 }, (_, index) => ({ ...failed, id: `names.n${index}` }));
    expect(githubAnnotations(checkReport(many))).toHaveLength(10);
  });

  it('are none when nothing failed, and one when a run ended early', () => {
    expect(githubAnnotations(checkReport([caseResult({})]))).toEqual([]);
    const early = checkReport([], { ok: false, verdict: 'interrupted before any case was over' });
    expect(githubAnnotations(early)).toEqual(['::error title=check::interrupted before any case was over']);
  });

  it('are one line each, whatever was found', () => {
    const [line] = githubAnnotations(checkReport([{ ...failed, headline: `${HOSTILE}\r\n::x::` }]));
    expect(line).not.toMatch(/\p{Cc}/u);
    expect(line).toContain('100%25');
  });
});
