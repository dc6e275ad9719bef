/** A report as one HTML file that needs nothing else: the page that `web/` is built into, with the report put into it. */
import { builtPage } from '../../built-page.ts';
import type { CheckReport } from '../report.ts';
import { wordedReport } from './worded.ts';

const PLACE = '<script id="report" type="application/json">';

/**
 * The whole file. `say` words sentences of ours for those who read it: on the command line options are flags. Rejects with an
 * `EmulatorError` (`page_missing`) where the package was not built.
 */
export async function checkReportHtml(
  report: CheckReport,
  say: (text: string) => string = (text) => text,
): Promise<string> {
  const page = await builtPage('report');
  const [before, after, ...more] = page.split(PLACE);
  if (after === undefined || more.length > 0) throw new Error('the page has no one place for a report');
  return `${before}${PLACE}${embedded(wordedReport(report, say))}${after}`;
}

/** JSON in which nothing ends or begins an element, whatever people are called. */
function embedded(report: CheckReport): string {
  return JSON.stringify(report).replaceAll('<', '\\u003c');
}
