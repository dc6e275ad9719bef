/** A report as Markdown: the summary of a job, a comment under a pull request. What the receiver and its people are called stays text. */
import { plainText } from '../../plain-text.ts';
import type { CheckReport } from '../report.ts';
import { countsText, type Digest, digestOf, keepsText } from './digest.ts';

const MAX_ROWS = 100;
const MAX_EVIDENCE = 5;

export function checkReportMarkdown(report: CheckReport): string {
  const { failed, warned, known, unseen } = digestOf(report);
  const keeps = keepsText(report);
  return `${[
    `## ${report.ok ? '✅' : '❌'} ${md(report.verdict)}`,
    ...report.causes.flatMap((cause) => [
      `### ${md(cause.text)}`,
      [
        ...cause.evidence.slice(0, MAX_EVIDENCE).map((fact) => `- ${md(fact)}`),
        `- seen in ${cause.cases.map(code).join(', ')}`,
      ].join('\n'),
      `**What to do:** ${plainText(cause.remedy)}`,
    ]),
    ...section('Failed', failed),
    ...section('Warnings', warned),
    ...section('Failed as expected', known),
    ...(report.fixed.length === 0
      ? []
      : [`**Fixed:** ${report.fixed.map(code).join(', ')}: to be taken out of the list of known failures.`]),
    ...unseen.map(({ text, cases }) => `**Not seen** in ${cases.map(code).join(', ')}: ${plainText(text)}`),
    ...(keeps === undefined ? [] : [keeps]),
    `${countsText(report)}; ${report.duration_s.toFixed(1)} s, seed ${report.seed}`,
  ].join('\n\n')}\n`;
}

function section(title: string, digests: readonly Digest[]): string[] {
  if (digests.length === 0) return [];
  const rows = digests
    .slice(0, MAX_ROWS)
    .map(
      ({ id, title: what, connections, headline, details }) =>
        `| ${code(id)}<br>${md(what)} | ${connections} | ${[headline, ...details].map(md).join('<br>')} |`,
    );
  const more = digests.length - rows.length;
  return [
    `### ${title}`,
    ['| case | connections | what is wrong |', '| --- | --- | --- |', ...rows].join('\n'),
    ...(more > 0 ? [`and ${more} more`] : []),
  ];
}

/** What may have come from outside stays text: no markup, no mention, no link, no end of a cell. */
function md(text: string): string {
  return plainText(text)
    .replace(/[\\`*_{}[\]()#+!|~<>&]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/@/g, '&#64;')
    .replace(/:\/\//g, '&#58;//');
}

/** Ids are ours. */
function code(id: string): string {
  return `\`${id.replace(/[`|]/g, '')}\``;
}
