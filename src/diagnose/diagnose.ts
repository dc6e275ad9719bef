/**
 * From evidence to causes. The causes are asked in their order, the one with the narrowest pattern first; what one has explained,
 * a later one does not explain again. What is left over is told as facts under `unknown`. Pure.
 */
import type { Diagnosis } from '../emulator/diagnosis.ts';
import type { Session } from '../emulator/session.ts';
import { plainText } from '../plain-text.ts';
import { CAUSES } from './causes.ts';
import { type Evidence, evidenceOf, type Witnesses } from './evidence.ts';
import { isTheirs, type Problem, problemsOf } from './problems.ts';
import { refusalFacts } from './refusals.ts';
import { type AfterDial, factOf, listed } from './words.ts';

export const UNKNOWN = {
  code: 'unknown',
  title: 'No cause is known',
  shows: 'Something went wrong and fits none of the causes above: the facts are all there is.',
  remedy: "Look at the receiver's log at these times.",
} as const;

/** More facts than these help nobody. */
const MAX_EVIDENCE = 6;
/** A close reason and an HTTP answer fit. */
const MAX_CHARACTERS = 400;

/** Of all endpoints of a session. */
export function diagnoseSession(session: Session, witnesses?: Witnesses): Diagnosis[] {
  return evidenceOf(session, witnesses).flatMap(diagnose);
}

/** The most telling first. Empty when nothing went wrong. */
export function diagnose(evidence: Evidence): Diagnosis[] {
  const problems = problemsOf(evidence);
  const open = new Set(problems);
  const diagnoses: Diagnosis[] = [];
  for (const { code, remedy, look } of CAUSES) {
    const finding = look(evidence, problems);
    if (finding === undefined) continue;
    const { explains } = finding;
    if (explains.length > 0 && !explains.some((problem) => open.has(problem))) continue;
    for (const problem of explains) open.delete(problem);
    diagnoses.push(plain({ remedy, ...finding, code }));
  }
  if (open.size > 0) diagnoses.push(unknown([...open]));
  return diagnoses;
}

function unknown(problems: readonly Problem[]): Diagnosis {
  const { code, remedy } = UNKNOWN;
  const numbers = listed(problems.map(({ connection }) => connection));
  return plain({
    code,
    certainty: 'certain',
    text: `No cause is known for what befell ${numbers}`,
    evidence: [
      ...refusalFacts(
        problems.filter(({ kind }) => kind === 'refused').map(({ connection }) => connection),
        isTheirs,
      ),
      ...problems.filter((each): each is AfterDial => each.kind !== 'refused').map(factOf),
    ],
    remedy,
  });
}

/** Close reasons and names come from outside, and there may be many. */
function plain({ code, certainty, text, evidence, remedy }: Diagnosis): Diagnosis {
  const more = evidence.length - MAX_EVIDENCE;
  const shown = more > 0 ? [...evidence.slice(0, MAX_EVIDENCE - 1), `and ${more + 1} more`] : evidence;
  return {
    code,
    certainty,
    text: plainText(text, MAX_CHARACTERS),
    evidence: shown.map((fact) => plainText(fact, MAX_CHARACTERS)),
    remedy,
  };
}
