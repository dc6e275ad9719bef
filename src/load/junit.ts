/** A load as JUnit XML: a test per threshold, and one for the verdict. */
import { type JunitTest, junitXml } from '../junit.ts';
import type { LoadReport } from './report.ts';
import { measured } from './thresholds.ts';

/** The whole file. */
export function loadReportJunit(report: LoadReport): string {
  const { ok, verdict, thresholds, diagnoses, duration_s } = report;
  const why = diagnoses.map(({ text, remedy }) => `${text}\nremedy: ${remedy}`).join('\n\n');
  const tests: readonly JunitTest[] = [
    { name: 'verdict', passes: ok, message: verdict, text: why },
    ...thresholds.map((each) => ({ name: each.name, passes: each.ok, message: measured(each), text: '' })),
  ].map(({ name, passes, message, text }) => ({
    name,
    durationSeconds: 0,
    outcome: passes ? { kind: 'passed' } : { kind: 'failed', type: 'load', message, text },
  }));
  return junitXml('recall-emulator load', duration_s, [{ name: 'load', tests }]);
}
