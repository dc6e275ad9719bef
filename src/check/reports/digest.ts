/** What a summary is made of, whatever it is printed on: results put together so that nothing is said twice. */
import type { CaseResult, CheckReport } from '../report.ts';

/** A case in the topologies in which it came to the same. */
export interface Digest {
  readonly id: string;
  readonly title: string;
  /** `both`, or the only one. */
  readonly connections: CaseResult['connections'] | 'both';
  readonly headline: string;
  /** What else is wrong, beside the headline. */
  readonly details: readonly string[];
  readonly remedy: string;
}

export interface ReportDigest {
  readonly failed: readonly Digest[];
  readonly warned: readonly Digest[];
  /** Failed as expected. */
  readonly known: readonly Digest[];
  /** What nobody could see, and in which cases. */
  readonly unseen: readonly { readonly text: string; readonly cases: readonly string[] }[];
}

const MAX_DETAILS = 3;

export function digestOf({ cases }: CheckReport): ReportDigest {
  const of = (verdict: CaseResult['verdict'], known = false): Digest[] =>
    digests(cases.filter((each) => each.verdict === verdict && each.known === known));
  const unseen = new Map<string, Set<string>>();
  for (const each of cases)
    for (const text of each.unseen) unseen.set(text, (unseen.get(text) ?? new Set()).add(each.id));
  return {
    failed: of('fail'),
    warned: of('warn'),
    known: of('fail', true),
    unseen: [...unseen].map(([text, ids]) => ({ text, cases: [...ids] })),
  };
}

/** In the order of cases, which is that of their groups. */
function digests(results: readonly CaseResult[]): Digest[] {
  const found = new Map<string, Digest>();
  for (const each of results) {
    const key = JSON.stringify([each.id, each.headline]);
    const before = found.get(key);
    found.set(key, before === undefined ? digest(each) : { ...before, connections: 'both' });
  }
  return [...found.values()];
}

function digest(result: CaseResult): Digest {
  const { id, title, connections, headline, remedy } = result;
  const texts = result.lines.filter(({ severity }) => severity !== 'note').map(({ text }) => text);
  const others = [...new Set(texts)].filter((text) => !headline.includes(text));
  const more = others.length - MAX_DETAILS;
  const details = [...others.slice(0, MAX_DETAILS), ...(more > 0 ? [`and ${more} more`] : [])];
  return { id, title, connections, headline, details, remedy };
}

const KEEPS = {
  timeline: 'Silence is restored: audio stands where it was said (timeline).',
  concatenation: 'Silence is left out: stretches of audio follow each other (concatenation).',
  mixed: 'Silence is restored in some files and left out in others.',
} as const;

/** How the receiver keeps silence, in a sentence; undefined when nothing showed it. */
export function keepsText({ keeps }: CheckReport): string | undefined {
  return keeps === 'either' ? undefined : KEEPS[keeps];
}

/** `18 passed, 2 failed, 1 with warnings, 3 not seen, 1 failed as expected`; what there is none of is left out. */
export function countsText({ counts }: CheckReport): string {
  const { pass, fail, warn, not_seen, known } = counts;
  return [
    `${pass} passed`,
    fail === 0 ? '' : `${fail} failed`,
    warn === 0 ? '' : `${warn} with warnings`,
    not_seen === 0 ? '' : `${not_seen} not seen`,
    known === 0 ? '' : `${known} failed as expected`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}
