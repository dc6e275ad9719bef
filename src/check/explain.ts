/** From what cases came to, to why: which causes there are, what each of them explains, and the first line of it all. Pure. */
import type { Diagnosis } from '../emulator/diagnosis.ts';
import { plainText } from '../plain-text.ts';
import type { FoundCause } from './cause.ts';
import { KEPT_CAUSES } from './causes.ts';
import type { CaseResult, CauseReport } from './report.ts';
import { isWrong, Results, wrongLines } from './results.ts';

export interface Explained {
  /** With their causes, and these in their headlines. */
  readonly results: CaseResult[];
  /** The one that explains most failures first. */
  readonly causes: CauseReport[];
}

type Told = FoundCause & { readonly code: string; readonly remedy: string };

/** Diagnoses of one meeting that another one contradicts: somebody was let in, at the same URL. */
const NOBODY_GETS_IN = ['wrong_path', 'not_websocket', 'tls', 'not_there'];
/** They say what is seen, and not why. */
const VAGUE = [...NOBODY_GETS_IN, 'closed_by_itself', 'unknown'];
const MAX_CHARACTERS = 400;
const MAX_EVIDENCE = 6;

/** `results` as cases left them: what explains one of them may show in another. */
export function explain(results: readonly CaseResult[]): Explained {
  const told = toldOf(results);
  const explained = results.map((result) =>
    withCauses(
      result,
      told.filter(({ explains }) => explains.includes(result)),
    ),
  );
  return { results: explained, causes: causesOfRun(results, told) };
}

/** What an earlier cause has explained, a later one does not explain again. */
function toldOf(results: readonly CaseResult[]): Told[] {
  const explained = new Set<CaseResult>();
  const all = new Results(results, explained);
  return KEPT_CAUSES.flatMap(({ code, remedy, look }) => {
    const found = look(all);
    const explains = found?.explains.filter((result) => isWrong(result) && !explained.has(result)) ?? [];
    if (found === undefined || explains.length === 0) return [];
    for (const result of explains) explained.add(result);
    return [{ ...found, code, remedy: remedy || explains[0]!.remedy, explains }];
  });
}

/** The plain finding of a case: its heaviest line that says more than that something ended. */
function findingOf(result: CaseResult): string {
  return wrongLines(result).find(({ code }) => !VAGUE.includes(code))?.text ?? '';
}

function withCauses(result: CaseResult, told: readonly Told[]): CaseResult {
  const [cause] = told;
  if (cause === undefined) return result;
  return {
    ...result,
    headline: headlineOf(cause, result),
    causes: told.map(({ code }) => code),
    diagnoses: [
      ...told.map((each) => diagnosisOf(each, [result])),
      ...result.diagnoses.filter(({ code }) => code !== cause.code),
    ],
  };
}

/** `The receiver keys audio by name: 0.7 s of Bob in Alice's file at 3.2 s`. */
function headlineOf({ text }: Told, result: CaseResult): string {
  const finding = findingOf(result);
  return plainText(finding === '' || finding.startsWith(text) ? text : `${text}: ${finding}`, MAX_CHARACTERS);
}

function diagnosisOf(cause: Told, explains: readonly CaseResult[]): Diagnosis {
  const { code, certainty, remedy, evidence = [] } = cause;
  const facts = explains.map(
    (result) => `${result.id} (${result.connections}): ${findingOf(result) || result.headline}`,
  );
  const more = facts.length - MAX_EVIDENCE;
  const shown = more > 0 ? [...facts.slice(0, MAX_EVIDENCE - 1), `and ${more + 1} more`] : facts;
  return {
    code,
    certainty,
    text: headlineOf(cause, explains[0]!),
    evidence: [...evidence, ...shown].map((fact) => plainText(fact, MAX_CHARACTERS)),
    remedy,
  };
}

function causesOfRun(results: readonly CaseResult[], told: readonly Told[]): CauseReport[] {
  const failures = results.filter((result) => isWrong(result) && !result.known);
  const found = told.flatMap((cause) => {
    const explains = cause.explains.filter(({ known }) => !known);
    return explains.length === 0 ? [] : [{ diagnosis: diagnosisOf(cause, explains), explains }];
  });
  // What went over the wire has causes of its own, where nothing else explains it.
  const isOpen = results.some(({ meetings }) =>
    meetings.some(({ connections }) => connections.some(({ opened_s }) => opened_s !== null)),
  );
  const byCode = new Map<string, { diagnosis: Diagnosis; explains: CaseResult[] }>();
  for (const result of failures.filter((each) => !told.some(({ explains }) => explains.includes(each))))
    for (const diagnosis of result.diagnoses) {
      if (isOpen && NOBODY_GETS_IN.includes(diagnosis.code)) continue;
      const known = byCode.get(diagnosis.code) ?? { diagnosis, explains: [] };
      if (!known.explains.includes(result)) known.explains.push(result);
      byCode.set(diagnosis.code, known);
    }
  const rank = ({ code }: Diagnosis): number => (code === 'unknown' ? 1 : 0);
  const failing = (all: readonly CaseResult[]): number =>
    all.filter(({ verdict }) => verdict === 'fail').length;
  return [...found, ...byCode.values()]
    .sort(
      (a, b) =>
        rank(a.diagnosis) - rank(b.diagnosis) ||
        failing(b.explains) - failing(a.explains) ||
        b.explains.length - a.explains.length,
    )
    .map(({ diagnosis, explains }) => ({ ...diagnosis, cases: [...new Set(explains.map(({ id }) => id))] }));
}
