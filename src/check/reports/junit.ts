/** A report as JUnit XML: a suite per group, a test per case and topology. */
import { type JunitOutcome, type JunitTest, junitXml } from '../../junit.ts';
import { plainText } from '../../plain-text.ts';
import type { CaseResult, CheckReport } from '../report.ts';

/** The whole file. */
export function checkReportJunit(report: CheckReport): string {
  const { cases, started_at: timestamp, duration_s, seed, url } = report;
  const groups = new Map<string, CaseResult[]>();
  for (const each of cases) {
    const [group = each.id] = each.id.split('.');
    groups.set(group, [...(groups.get(group) ?? []), each]);
  }
  const suites = [...groups].map(([name, results]) => ({
    name,
    timestamp,
    properties: { url, seed },
    tests: results.map(testOf),
  }));
  return junitXml('recall-emulator check', duration_s, suites);
}

function testOf(result: CaseResult): JunitTest {
  const { id, title, connections, duration_s: durationSeconds } = result;
  return { name: `${id} (${connections}): ${title}`, durationSeconds, outcome: outcomeOf(result) };
}

function outcomeOf(result: CaseResult): JunitOutcome {
  const { verdict, known, headline, unseen, causes, lines } = result;
  if (verdict === 'pass') return { kind: 'passed' };
  if (known) return { kind: 'skipped', message: `expected to fail: ${headline}` };
  if (verdict === 'not_seen') return { kind: 'skipped', message: unseen.join('; ') };
  const text = textOf(result);
  if (verdict === 'warn') return { kind: 'noted', text };
  return { kind: 'failed', type: causes[0] ?? lines[0]?.code ?? 'failed', message: headline, text };
}

/** What is wrong, what must hold and how to mend it. */
function textOf({ lines, expects, remedy }: CaseResult): string {
  const found = lines.map(({ severity, text }) => `${severity}: ${plainText(text)}`);
  return [...found, '', `must hold: ${expects}`, `remedy: ${remedy}`].join('\n');
}
