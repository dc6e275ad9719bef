/** Where the reports of a check go: into files that were asked for, and to GitHub Actions, when that is where it runs. */
import { appendFile } from 'node:fs/promises';
import type { CheckReport } from '../check/report.ts';
import { githubAnnotations } from '../check/reports/github.ts';
import { checkReportHtml } from '../check/reports/html.ts';
import { checkReportJunit } from '../check/reports/junit.ts';
import { checkReportMarkdown } from '../check/reports/markdown.ts';
import { wordedReport } from '../check/reports/worded.ts';
import { refusalOf } from '../files.ts';
import { plainText } from '../plain-text.ts';
import { inFlags } from './command-flags.ts';
import { tell } from './print.ts';
import { writeReport } from './report-file.ts';

interface ReportFiles {
  readonly html?: string | undefined;
  readonly junit?: string | undefined;
  readonly markdown?: string | undefined;
}

/** Whether all that was asked for could be written. Says what could not. */
export async function writeCheckReports(
  report: CheckReport,
  { html, junit, markdown }: ReportFiles,
): Promise<boolean> {
  const worded = wordedReport(report, inFlags);
  const written = [
    html === undefined || (await writeReport('--html', html, () => checkReportHtml(worded))),
    junit === undefined || (await writeReport('--junit', junit, async () => checkReportJunit(worded))),
    markdown === undefined ||
      (await writeReport('--markdown', markdown, async () => checkReportMarkdown(worded))),
  ];
  if (process.env.GITHUB_ACTIONS === 'true') await tellGithub(worded);
  return written.every(Boolean);
}

/** Nobody asked for it: what cannot be written is told, and fails nothing. */
async function tellGithub(report: CheckReport): Promise<void> {
  // stdout may be JSON; GitHub reads both.
  for (const line of githubAnnotations(report)) console.error(line);
  const file = process.env.GITHUB_STEP_SUMMARY;
  if (file === undefined || file === '') return;
  try {
    await appendFile(file, `${checkReportMarkdown(report)}\n`);
  } catch (error) {
    const why = refusalOf(error) ?? plainText((error as Error).message);
    tell(`The summary for GitHub cannot be written: ${why}.`);
  }
}
