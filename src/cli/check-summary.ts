/** The summary of a check: causes, what failed, what nobody saw, and how to have it again. Prints nothing. */
import type { CheckReport } from '../check/report.ts';
import { countsText, type Digest, digestOf, keepsText } from '../check/reports/digest.ts';
import { plainText } from '../plain-text.ts';
import { enumerated } from '../words.ts';
import { diagnosisLines } from './diagnoses.ts';
import { wrap } from './layout.ts';
import { type Colour, colour } from './style.ts';

/** More than a screen holds is in `--json` and in reports. */
const MAX_CASES = 20;
const MAX_NAMED = 8;

/** All but the verdict, for stdout; none wider than `width` but for long words. */
export function checkSummaryLines(report: CheckReport, width: number): string[] {
  const { failed, warned, known, unseen } = digestOf(report);
  const keeps = keepsText(report);
  const causes = report.causes.map(withCases);
  const last = `${countsText(report)}; ${report.duration_s.toFixed(1)} s. The same again: \`seed: ${report.seed}\``;
  const sentences = [
    ...report.fixed.map((id) => `fixed: ${id} fails no more; take it out of the list of known failures`),
    ...unseen.map(({ text, cases }) => `not seen in ${named(cases)}: ${text}`),
    ...(keeps === undefined ? [] : [keeps]),
    last,
  ];
  return [
    ...diagnosisLines(causes, width),
    // Where a cause says what to do, a case need not.
    ...section({ title: 'failed', paint: 'red', digests: failed, remedies: causes.length === 0 }, width),
    ...section({ title: 'with warnings', paint: 'yellow', digests: warned, remedies: true }, width),
    ...section({ title: 'failed as expected', paint: 'gray', digests: known, remedies: false }, width),
    ...sentences.flatMap((text) => wrap(plainText(text), width)),
  ];
}

/** A cause whose evidence does not name its cases says in which it was seen. */
function withCases(cause: CheckReport['causes'][number]): CheckReport['causes'][number] {
  const { evidence, cases } = cause;
  if (cases.every((id) => evidence.some((fact) => fact.startsWith(`${id} `)))) return cause;
  return { ...cause, evidence: [...evidence, `seen in ${named(cases)}`] };
}

interface Section {
  readonly title: string;
  readonly paint: Colour;
  readonly digests: readonly Digest[];
  readonly remedies: boolean;
}

function section({ title, paint, digests, remedies }: Section, width: number): string[] {
  if (digests.length === 0) return [];
  const more = digests.length - MAX_CASES;
  return [
    colour(process.stdout, paint, `${title}:`),
    ...digests.slice(0, MAX_CASES).flatMap((digest) => caseLines(digest, width, remedies)),
    ...(more > 0 ? [`  and ${more} more; --json has them all`] : []),
  ];
}

function caseLines(
  { id, title, connections, headline, details, remedy }: Digest,
  width: number,
  remedies: boolean,
): string[] {
  const where = connections === 'both' ? '' : ` (${connections})`;
  return [
    ...wrap(`  ${id}${where}: ${title}`, width, 4),
    ...[headline, ...details].flatMap((text) => wrap(`    - ${plainText(text)}`, width, 6)),
    ...(remedies ? wrap(`    → ${plainText(remedy)}`, width, 6) : []),
  ];
}

function named(ids: readonly string[]): string {
  const more = ids.length - MAX_NAMED;
  return enumerated([...ids.slice(0, MAX_NAMED), ...(more > 0 ? [`${more} more`] : [])]);
}
