import type { KeptCause } from '../cause.ts';
import type { CaseResult } from '../report.ts';
import { isWrong, keptOf, wrongLines } from '../results.ts';

/** `name.trim()` of nobody's name. */
export const nullNames: KeptCause = {
  code: 'null_names',
  title: 'Takes every name for text',
  shows:
    'Where somebody has no name (`null`), the process ends, the connection is closed, or nothing of theirs is kept. Where all have one, nothing is wrong.',
  remedy:
    'Read `data.data.participant.name` as text or null: whoever dials in by phone, or is not known, has none. Take the id where you need something to show.',
  look(results) {
    for (const result of results.of('names.null').filter(isWrong)) {
      const how = howItFails(result);
      const certainty = results.certaintyOf(result);
      if (how === undefined || certainty === undefined) continue;
      return {
        certainty,
        text: `The receiver takes every name for text, and ${how} at one that is null`,
        explains: [result],
      };
    }
    return undefined;
  },
};

function howItFails(result: CaseResult): string | undefined {
  if (result.process?.exit != null) return 'ends';
  if (result.diagnoses.length > 0) return 'closes its connection';
  const nameless = result.meetings.flatMap((meeting) =>
    meeting.lanes
      .filter(({ name }) => name === null)
      .map(({ participant }) => ({ participant, isKept: keptOf(meeting, participant).length > 0 })),
  );
  const isTheirs = wrongLines(result).every(({ participant }) =>
    nameless.some((each) => each.participant === participant),
  );
  return isTheirs && nameless.length > 0 && nameless.every(({ isKept }) => !isKept)
    ? 'drops what comes'
    : undefined;
}
