/** A report in the words of those who read it: on the command line options are flags. */
import type { Diagnosis } from '../../emulator/diagnosis.ts';
import type { CheckReport } from '../report.ts';

/** The same report with every sentence of ours as `say` has it. What the receiver is called and says stays as it is. */
export function wordedReport(report: CheckReport, say: (text: string) => string): CheckReport {
  const diagnosis = <Each extends Diagnosis>(each: Each): Each => ({
    ...each,
    text: say(each.text),
    evidence: each.evidence.map(say),
    remedy: say(each.remedy),
  });
  return {
    ...report,
    verdict: say(report.verdict),
    causes: report.causes.map(diagnosis),
    cases: report.cases.map((each) => ({
      ...each,
      headline: say(each.headline),
      lines: each.lines.map((line) => ({ ...line, text: say(line.text) })),
      unseen: each.unseen.map(say),
      diagnoses: each.diagnoses.map(diagnosis),
      remedy: say(each.remedy),
    })),
  };
}
