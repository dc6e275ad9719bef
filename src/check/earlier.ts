/** Who was heard in a meeting that was not the first, and whether somebody with the same id had been heard in one before. */
import type { CaseResult } from './report.ts';
import { keptOf, lostOf, type Results } from './results.ts';

interface Heard {
  readonly result: CaseResult;
  /** An earlier meeting had somebody with the same id. */
  readonly isBack: boolean;
  /** Whether anything of them is in what was kept of their meeting. */
  readonly isKept: boolean;
}

/** Of each life of the process. Empty when nobody looked, or when the first meeting of one was lost, too. */
export function heardBefore({ all }: Results): Heard[] {
  const lives = new Map<number, CaseResult[]>();
  for (const result of all) {
    const number = result.process?.starts ?? 1;
    lives.set(number, [...(lives.get(number) ?? []), result]);
  }
  return [...lives.values()].flatMap(heardInLife);
}

function heardInLife(results: readonly CaseResult[]): Heard[] {
  const ids = new Set<number>();
  const heard: Heard[] = [];
  let isFirst = true;
  for (const result of results) {
    for (const meeting of result.meetings) {
      if (meeting.kept === null) return [];
      const arrived = meeting.lanes
        .map(({ participant }) => participant)
        .filter((id) => keptOf(meeting, id).length > 0 || lostOf(meeting, id).length > 0);
      for (const participant of arrived) {
        const isKept = keptOf(meeting, participant).length > 0;
        if (isFirst && !isKept) return [];
        if (!isFirst) heard.push({ result, isBack: ids.has(participant), isKept });
      }
      for (const participant of arrived) ids.add(participant);
      isFirst &&= arrived.length === 0;
    }
  }
  return heard;
}
