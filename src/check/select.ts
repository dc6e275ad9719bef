/** Which cases are played: the suite, what was asked for and what is left out. */
import { UsageError } from '../errors.ts';
import type { Case } from './case.ts';
import { wrongTokenUrl } from './token.ts';

const TIERS: readonly Case['tier'][] = ['quick', 'default', 'full'];

interface Selection {
  readonly suite: Case['tier'];
  readonly cases: readonly string[] | undefined;
  readonly skip: readonly string[];
  readonly secret: string | undefined;
  readonly url: string | undefined;
}

/** A case that is named in full is played whatever the suite. Throws a `UsageError` (`unknown_case`) for a pattern that fits none. */
export function selectCases(all: readonly Case[], { suite, cases, skip, secret, url }: Selection): Case[] {
  const ids = all.map(({ id }) => id);
  for (const pattern of [...(cases ?? []), ...skip]) checkPattern(pattern, ids);
  return all.filter(
    ({ id, tier, needsSecret, needsToken }) =>
      // Who writes a group means what the suite has of it, not a minute of silence.
      (cases?.includes(id) === true ||
        (TIERS.indexOf(tier) <= TIERS.indexOf(suite) &&
          cases?.some((pattern) => fits(pattern, id)) !== false)) &&
      !skip.some((pattern) => fits(pattern, id)) &&
      (needsSecret !== true || secret !== undefined) &&
      (needsToken !== true || (url !== undefined && wrongTokenUrl(url) !== undefined)),
  );
}

/** Throws a `UsageError` (`unknown_case`) for a pattern that fits none. */
export function checkPattern(pattern: string, ids: readonly string[]): void {
  if (ids.some((id) => fits(pattern, id))) return;
  throw new UsageError('unknown_case', `No case is called ${pattern}.`, {
    hint: 'Ids are such as mute.off_and_on; * stands for any part. See the list of all cases.',
  });
}

/** Whether an id is meant by a pattern, in which `*` stands for any part. */
export function fits(pattern: string, id: string): boolean {
  const source = pattern
    .split('*')
    .map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${source}$`).test(id);
}
