import { describe, expect, it } from 'vitest';
import { checkReportMarkdown } from '../../../src/check/reports/markdown.ts';
import { CAUSE, caseResult, checkReport, HOSTILE } from './sample.ts';

describe('a report as Markdown', () => {
  it('begins with the verdict, then the causes, then what failed', () => {
    const failed = caseResult({ verdict: 'fail', headline: 'no file of Alex' });
    const text = checkReportMarkdown(
      checkReport(
        [failed, { ...failed, connections: 'per-endpoint' }, caseResult({ id: 'basic.one_speaker' })],
        {
          causes: [CAUSE],
          keeps: 'timeline',
          fixed: ['mute.*'],
        },
      ),
    );
    expect(text.split('\n\n')).toEqual([
      '## ❌ 2 of 3 failed. no file of Alex',
      '### The receiver keys audio by name: no file of Alex',
      '- no file of Alex, who was sent for 2.5 s\n- seen in `names.equal`',
      '**What to do:** Key by `data.data.participant.id`, never by `name`.',
      '### Failed',
      '| case | connections | what is wrong |\n| --- | --- | --- |\n| `names.equal`<br>two people have the same name | both | no file of Alex |',
      '**Fixed:** `mute.*`: to be taken out of the list of known failures.',
      'Silence is restored: audio stands where it was said (timeline).',
      '1 passed, 2 failed; 2.5 s, seed 7\n',
    ]);
  });

  it('says what nobody saw, and how it would be seen', () => {
    const unseen = ['what was kept: give `files`'];
    const text = checkReportMarkdown(
      checkReport([
        caseResult({ id: 'a.b', verdict: 'not_seen', unseen }),
        caseResult({ id: 'a.c', verdict: 'not_seen', unseen }),
      ]),
    );
    expect(text).toContain('**Not seen** in `a.b`, `a.c`: what was kept: give `files`');
  });

  it('shows text from outside as text', () => {
    const text = checkReportMarkdown(
      checkReport([caseResult({ verdict: 'fail', headline: HOSTILE })], {
        causes: [{ ...CAUSE, text: HOSTILE, evidence: [HOSTILE] }],
      }),
    );
    const [row] = text.split('\n').filter((line) => line.startsWith('| `names'));
    expect(row!.split('|')).toHaveLength(5);
    expect(text).not.toMatch(/<b>|\]\(|@f|http:\/\/|(?!\n)\p{Cc}/u);
  });
});
