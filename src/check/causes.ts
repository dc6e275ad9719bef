/** Causes that show in what was kept: typical mistakes, the one with the narrowest pattern first. Adding one is a file and a line. */
import type { Diagnosis } from '../emulator/diagnosis.ts';
import { plainText } from '../plain-text.ts';
import type { KeptCause } from './case.ts';
import { keyedByName } from './causes/keyed-by-name.ts';
import { tapUnused } from './causes/tap-unused.ts';
import type { CaseResult, CauseReport } from './report.ts';
import type { CaseSeen } from './seen.ts';

const KEPT_CAUSES: readonly KeptCause[] = [tapUnused, keyedByName];

const MAX_CHARACTERS = 400;

/** What shows in one case; the first is the one to tell. */
export function causesOf(seen: CaseSeen): Diagnosis[] {
  return KEPT_CAUSES.flatMap(({ code, remedy, look }) => {
    const found = look(seen);
    if (found === undefined) return [];
    const plain = (text: string): string => plainText(text, MAX_CHARACTERS);
    return [{ ...found, code, remedy, text: plain(found.text), evidence: found.evidence.map(plain) }];
  });
}

/** The causes of a whole run, each once, the one that explains most failures first. */
export function causesOfRun(results: readonly CaseResult[]): CauseReport[] {
  const found = new Map<string, CauseReport & { cases: string[] }>();
  for (const { id, verdict, known, diagnoses } of results) {
    if (known || (verdict !== 'fail' && verdict !== 'warn')) continue;
    for (const diagnosis of diagnoses) {
      const cause = found.get(diagnosis.code) ?? { ...diagnosis, cases: [] };
      if (!cause.cases.includes(id)) cause.cases.push(id);
      found.set(diagnosis.code, cause);
    }
  }
  const rank = ({ code }: CauseReport): number => (code === 'unknown' ? 1 : 0);
  return [...found.values()].sort((a, b) => rank(a) - rank(b) || b.cases.length - a.cases.length);
}
