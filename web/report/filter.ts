/** Which cases the list shows: by verdict, and by words that somebody types. */
import type { CaseResult } from '../../src/check/report.ts';
import { type Status, statusOf } from './words.ts';

export interface Filter {
  /** Undefined shows every verdict. */
  readonly status: Status | undefined;
  readonly search: string;
}

export const EVERYTHING: Filter = { status: undefined, search: '' };

/** Each word has to be somewhere in a case. */
export function filtered(cases: readonly CaseResult[], { status, search }: Filter): CaseResult[] {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return cases.filter((result) => {
    if (status !== undefined && statusOf(result) !== status) return false;
    const { id, title, headline, connections, lines, causes } = result;
    const text = [id, title, headline, connections, ...causes, ...lines.map((line) => line.text)]
      .join('\n')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
