/** The words of a report: verdicts, topologies, groups. */
import type { CaseResult, CheckReport } from '../../src/check/report.ts';

/** A verdict as the page counts it: failures that were expected are kept apart. */
export type Status = CaseResult['verdict'] | 'known';

/** The worst first. */
export const STATUSES: readonly Status[] = ['fail', 'warn', 'not_seen', 'known', 'pass'];

export const STATUS_WORDS: Readonly<Record<Status, string>> = {
  fail: 'failed',
  warn: 'with a warning',
  not_seen: 'not seen',
  known: 'known failure',
  pass: 'passed',
};

export const STATUS_MEANS: Readonly<Record<Status, string>> = {
  fail: 'Something is wrong.',
  warn: 'It works, but see what is said.',
  not_seen: 'No witness could see what has to hold.',
  known: 'It fails, and was expected to.',
  pass: 'All that has to hold was seen to hold.',
};

export function statusOf({ verdict, known }: CaseResult): Status {
  return verdict === 'fail' && known ? 'known' : verdict;
}

export function worstOf(results: readonly CaseResult[]): Status {
  return STATUSES.find((status) => results.some((result) => statusOf(result) === status)) ?? 'pass';
}

export const TOPOLOGIES = ['per-participant', 'per-endpoint'] as const;

export const TOPOLOGY_WORDS: Readonly<Record<CaseResult['connections'], string>> = {
  'per-participant': 'a connection per participant',
  'per-endpoint': 'one connection for all',
};

export const TOPOLOGY_SHORT: Readonly<Record<CaseResult['connections'], string>> = {
  'per-participant': 'one each',
  'per-endpoint': 'shared',
};

export const KEEPS_WORDS: Readonly<Record<CheckReport['keeps'], string | undefined>> = {
  timeline: 'restored, on a timeline',
  concatenation: 'left out, stretches follow one another',
  mixed: 'restored in some files, left out in others',
  either: undefined,
};

/** A sentence begins with a capital letter. */
export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** `mute` of `mute.off_and_on`. */
export function groupOf(id: string): string {
  return id.split('.')[0] ?? id;
}

/** `1 case`, `3 cases`. */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
