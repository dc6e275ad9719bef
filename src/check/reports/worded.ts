/** A report in the words of those who read it: on the command line options are flags. */
import type { Diagnosis } from '../../emulator/diagnosis.ts';
import type { CaseResult, CheckReport } from '../report.ts';

type Say = (text: string) => string;

/** The same report with every sentence of ours as `say` has it. What the receiver is called and says stays as it is. */
export function wordedReport(report: CheckReport, say: Say): CheckReport {
  return {
    ...report,
    verdict: say(report.verdict),
    causes: report.causes.map((each) => wordedDiagnosis(each, say)),
    cases: report.cases.map((each) => wordedResult(each, say)),
  };
}

/** The same of one case. */
export function wordedResult(result: CaseResult, say: Say): CaseResult {
  return {
    ...result,
    headline: say(result.headline),
    lines: result.lines.map((line) => ({ ...line, text: say(line.text) })),
    unseen: result.unseen.map(say),
    diagnoses: result.diagnoses.map((each) => wordedDiagnosis(each, say)),
    remedy: say(result.remedy),
  };
}

function wordedDiagnosis<Each extends Diagnosis>(each: Each, say: Say): Each {
  return { ...each, text: say(each.text), evidence: each.evidence.map(say), remedy: say(each.remedy) };
}
