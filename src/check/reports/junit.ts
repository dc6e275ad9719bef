/** A report as JUnit XML, as CI servers read it: a suite per group, a test per case and topology. */
import { plainText } from '../../plain-text.ts';
import type { CaseResult, CheckReport } from '../report.ts';

/** The whole file. */
export function checkReportJunit(report: CheckReport): string {
  const { cases, started_at, duration_s, seed, url } = report;
  const groups = new Map<string, CaseResult[]>();
  for (const each of cases) {
    const [group = each.id] = each.id.split('.');
    groups.set(group, [...(groups.get(group) ?? []), each]);
  }
  const root = { name: 'recall-emulator check', ...totals(cases), time: seconds(duration_s) };
  return `${[
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes(root)}>`,
    ...[...groups].flatMap(([name, results]) => suite(name, results, { timestamp: started_at, url, seed })),
    '</testsuites>',
  ].join('\n')}\n`;
}

interface Facts {
  readonly timestamp: string;
  readonly url: string;
  readonly seed: number;
}

function suite(name: string, results: readonly CaseResult[], { timestamp, url, seed }: Facts): string[] {
  const time = seconds(results.reduce((sum, { duration_s }) => sum + duration_s, 0));
  return [
    `  <testsuite${attributes({ name, ...totals(results), time, timestamp })}>`,
    '    <properties>',
    `      <property${attributes({ name: 'url', value: url })}/>`,
    `      <property${attributes({ name: 'seed', value: seed })}/>`,
    '    </properties>',
    ...results.flatMap((result) => test(name, result)),
    '  </testsuite>',
  ];
}

function test(group: string, result: CaseResult): string[] {
  const { id, title, connections, duration_s, verdict, known, headline } = result;
  const name = `${id} (${connections}): ${title}`;
  const open = `    <testcase${attributes({ name, classname: `recall-emulator.${group}`, time: seconds(duration_s) })}`;
  const body = (): string => {
    if (known) return skipped(`expected to fail: ${headline}`);
    if (verdict === 'not_seen') return skipped(result.unseen.join('; '));
    const text = escaped(textOf(result));
    if (verdict === 'warn') return `      <system-out>${text}</system-out>`;
    const type = result.causes[0] ?? result.lines[0]?.code ?? 'failed';
    return `      <failure${attributes({ message: headline, type })}>${text}</failure>`;
  };
  return verdict === 'pass' ? [`${open}/>`] : [`${open}>`, body(), '    </testcase>'];
}

function skipped(message: string): string {
  return `      <skipped${attributes({ message })}/>`;
}

/** What is wrong, what must hold and how to mend it. */
function textOf({ lines, expects, remedy }: CaseResult): string {
  const found = lines.map(({ severity, text }) => `${severity}: ${plainText(text)}`);
  return [...found, '', `must hold: ${expects}`, `remedy: ${remedy}`].join('\n');
}

function totals(results: readonly CaseResult[]): Record<'tests' | 'failures' | 'errors' | 'skipped', number> {
  const count = (fits: (result: CaseResult) => boolean): number => results.filter(fits).length;
  return {
    tests: results.length,
    failures: count(({ verdict, known }) => verdict === 'fail' && !known),
    errors: 0,
    skipped: count(({ verdict, known }) => known || verdict === 'not_seen'),
  };
}

function seconds(value: number): string {
  return value.toFixed(3);
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(plainText(String(value)))}"`)
    .join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** For a text or an attribute. XML has no way to write U+FFFE and U+FFFF; other controls have been cleaned before. */
function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character]!).replace(/[\ufffe\uffff]/g, '\ufffd');
}
