/** Which case is shown: the part of the address behind `#`, so that a case can be linked to. `#mute.off_and_on/per-endpoint`. */
import { useEffect, useState } from 'preact/hooks';
import type { CaseResult } from '../../src/check/report.ts';
import { STATUSES, statusOf } from './words.ts';

/** No case is called so. */
export const OVERVIEW = '#overview';

export function linkOf({ id, connections }: CaseResult): string {
  return `#${encodeURIComponent(id)}/${connections}`;
}

/** The id alone is enough: then it is the topology in which the case came off worst. */
export function caseAt(hash: string, cases: readonly CaseResult[]): CaseResult | undefined {
  const exact = cases.find((result) => linkOf(result) === hash);
  if (exact !== undefined) return exact;
  return cases
    .filter(({ id }) => `#${encodeURIComponent(id)}` === hash)
    .sort((a, b) => STATUSES.indexOf(statusOf(a)) - STATUSES.indexOf(statusOf(b)))[0];
}

export function useHash(): string {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const follow = (): void => setHash(location.hash);
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return hash;
}
