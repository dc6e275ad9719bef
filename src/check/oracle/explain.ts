/** How one recording differs from another, in words: for tests, where both are mono at 16 kHz and copies are exact. */
import { judgeContent } from './content.ts';
import { exactIndex } from './exact.ts';
import { toFindings } from './finding.ts';
import { exactRuns } from './locate.ts';
import { sentAsOne } from './sent.ts';

/** One line a finding, the heaviest first; none when nothing of `expected` is in `actual`. */
export function explainPcm(expected: Int16Array, actual: Int16Array): string[] {
  const sent = sentAsOne(expected, 'expected');
  const runs = exactRuns(actual, exactIndex(sent), 0);
  if (!runs.some(({ kind }) => kind === 'sent')) return [];
  return toFindings(judgeContent(runs, sent, 0, 0).drafts, null).map(({ text }) => text);
}
