/** The HTML report as a file: whole, safe, and with the report in it. */
import { describe, expect, it } from 'vitest';
import { checkReportSchema } from '../../../src/check/report.ts';
import { checkReportHtml } from '../../../src/check/reports/html.ts';
import { CHECK_REPORT } from '../../support/check-report.ts';

const DATA = /<script id="report" type="application\/json">([^<]*)<\/script>/;

function carried(html: string): unknown {
  return JSON.parse(DATA.exec(html)?.[1] ?? 'null');
}

describe('the HTML report', () => {
  it('carries the report, which reads back as it was', async () => {
    expect(checkReportSchema.parse(CHECK_REPORT)).toEqual(CHECK_REPORT);
    expect(carried(await checkReportHtml(CHECK_REPORT))).toEqual(CHECK_REPORT);
  });

  it('lets nothing of a report become part of the page', async () => {
    const page = await checkReportHtml({ ...CHECK_REPORT, causes: [], cases: [], verdict: '' });
    const full = await checkReportHtml(CHECK_REPORT);
    const tags = (html: string): number => html.split('<').length;
    expect(tags(full)).toBe(tags(page));
  });

  it('needs nothing but itself, and may run nothing but its own script', async () => {
    const html = (await checkReportHtml(CHECK_REPORT)).replace(DATA, '');
    expect(html).not.toMatch(/\b(?:src|href)="(?!data:)/);
    expect(html).not.toMatch(/@import|url\(/);
    expect(html).toMatch(
      /Content-Security-Policy" content="default-src 'none'; script-src 'sha256-[\w+/]{43}='; style-src/,
    );
  });

  it('says sentences of ours as the command line does, and what others said as it is', async () => {
    const report = carried(await checkReportHtml(CHECK_REPORT, (text) => `said: ${text}`));
    const [first] = checkReportSchema.parse(report).cases.slice(2);
    expect(first!.headline).toBe(`said: ${CHECK_REPORT.cases[2]!.headline}`);
    expect(first!.diagnoses[0]!.evidence[0]).toBe('said: 0.5 s of 200 in the file of 100');
    expect(first!.meetings).toEqual(CHECK_REPORT.cases[2]!.meetings);
  });
});
