/** What was validated as JUnit XML: a test per file. */
import { formatProblem } from '../errors.ts';
import { junitXml } from '../junit.ts';
import type { ValidationReport } from './validate.ts';

/** The whole file. */
export function validationJunit(reports: readonly ValidationReport[]): string {
  const tests = reports.map(({ file, ok, summary, problems, warnings }) => ({
    name: file,
    durationSeconds: 0,
    outcome: ok
      ? warnings.length === 0
        ? ({ kind: 'passed' } as const)
        : ({ kind: 'noted', text: warnings.map(formatProblem).join('\n') } as const)
      : ({
          kind: 'failed',
          type: problems[0]?.code ?? 'invalid',
          message: summary,
          text: problems.map(formatProblem).join('\n'),
        } as const),
  }));
  return junitXml('recall-emulator validate', 0, [{ name: 'validate', tests }]);
}
