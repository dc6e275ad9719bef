/** JUnit XML, as CI servers read it. What a test is, its report says. */
import { plainText } from './plain-text.ts';

export type JunitOutcome =
  | { readonly kind: 'passed' }
  | { readonly kind: 'noted'; readonly text: string }
  | { readonly kind: 'skipped'; readonly message: string }
  | { readonly kind: 'failed'; readonly type: string; readonly message: string; readonly text: string };

export interface JunitTest {
  readonly name: string;
  readonly durationSeconds: number;
  readonly outcome: JunitOutcome;
}

export interface JunitSuite {
  readonly name: string;
  /** ISO 8601. */
  readonly timestamp?: string | undefined;
  readonly properties?: Readonly<Record<string, string | number>> | undefined;
  readonly tests: readonly JunitTest[];
}

/** The whole file. `durationSeconds`: of all of it, which may be less than its tests took one by one. */
export function junitXml(name: string, durationSeconds: number, suites: readonly JunitSuite[]): string {
  const all = suites.flatMap(({ tests }) => tests);
  return `${[
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name, ...totals(all), time: seconds(durationSeconds) })}>`,
    ...suites.flatMap(suiteLines),
    '</testsuites>',
  ].join('\n')}\n`;
}

function suiteLines({ name, timestamp, properties, tests }: JunitSuite): string[] {
  const time = seconds(tests.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0));
  const known = Object.entries(properties ?? {}).map(
    ([key, value]) => `      <property${attributes({ name: key, value })}/>`,
  );
  return [
    `  <testsuite${attributes({ name, ...totals(tests), time, ...(timestamp !== undefined && { timestamp }) })}>`,
    ...(known.length === 0 ? [] : ['    <properties>', ...known, '    </properties>']),
    ...tests.flatMap((test) => testLines(name, test)),
    '  </testsuite>',
  ];
}

function testLines(suite: string, { name, durationSeconds, outcome }: JunitTest): string[] {
  const open = `    <testcase${attributes({ name, classname: `recall-emulator.${suite}`, time: seconds(durationSeconds) })}`;
  return outcome.kind === 'passed' ? [`${open}/>`] : [`${open}>`, outcomeLine(outcome), '    </testcase>'];
}

function outcomeLine(outcome: Exclude<JunitOutcome, { readonly kind: 'passed' }>): string {
  if (outcome.kind === 'skipped') return `      <skipped${attributes({ message: outcome.message })}/>`;
  const text = escaped(outcome.text);
  if (outcome.kind === 'noted') return `      <system-out>${text}</system-out>`;
  const { message, type } = outcome;
  return `      <failure${attributes({ message, type })}>${text}</failure>`;
}

function totals(tests: readonly JunitTest[]): Record<'tests' | 'failures' | 'errors' | 'skipped', number> {
  const count = (kind: JunitOutcome['kind']): number =>
    tests.filter(({ outcome }) => outcome.kind === kind).length;
  return { tests: tests.length, failures: count('failed'), errors: 0, skipped: count('skipped') };
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
