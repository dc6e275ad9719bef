/** What GitHub Actions shows of a report at the top of a run: annotations, which are lines that a step prints. */
import { plainText } from '../../plain-text.ts';
import type { CheckReport } from '../report.ts';
import { digestOf } from './digest.ts';

/** GitHub shows ten errors of a step. */
const MAX_ANNOTATIONS = 10;

/** One line for each cause; for each failed case where no cause is known; one when a run that failed has neither. */
export function githubAnnotations(report: CheckReport): string[] {
  if (report.ok) return [];
  const causes = report.causes
    .filter(({ code }) => code !== 'unknown')
    .map(({ text, remedy, cases }) => annotation(`check: ${cases.join(', ')}`, `${text} ${remedy}`));
  const failed = digestOf(report).failed.map(({ id, headline, remedy }) =>
    annotation(`check: ${id}`, `${headline} ${remedy}`),
  );
  const lines = causes.length > 0 ? causes : failed;
  if (lines.length === 0) return [annotation('check', report.verdict)];
  return lines.slice(0, MAX_ANNOTATIONS);
}

function annotation(title: string, message: string): string {
  return `::error title=${property(title)}::${data(message)}`;
}

/** GitHub's own escapes: without them a text could end the line and begin a command of its own. */
function data(text: string): string {
  return plainText(text).replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

function property(text: string): string {
  return data(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}
