import type { KeptCause } from '../cause.ts';
import type { CaseResult } from '../report.ts';
import { keptOf, wrongLines } from '../results.ts';

const MAX_INT32 = 2 ** 31 - 1;

/** What becomes of an id in a type that is too small for it. */
const TYPES: readonly { readonly name: string; readonly of: (id: number) => number }[] = [
  { name: '32 bits', of: (id) => id | 0 },
  { name: '32 bits', of: (id) => Math.min(id, MAX_INT32) },
  { name: 'floating point of 32 bits', of: Math.fround },
];

/** An integer column, `| 0`, `int32`. */
export const idsIn32Bits: KeptCause = {
  code: 'ids_in_32_bits',
  title: 'Keeps participant ids in 32 bits',
  shows: 'Ids above 2147483647 become other numbers, and smaller ones do not.',
  remedy:
    'Keep `data.data.participant.id` in 64 bits (bigint, int64, long), or as text: ids of Zoom and Teams have no upper bound that is documented.',
  look(results) {
    for (const result of results.of('names.large_ids').filter((each) => results.wrong.includes(each))) {
      const certainty = results.certaintyOf(result);
      if (certainty === undefined) continue;
      const large = result.meetings
        .flatMap(({ lanes }) => lanes)
        .map(({ participant }) => participant)
        .filter((id) => id > MAX_INT32);
      const extra = wrongLines(result)
        .filter(({ code }) => code === 'extra_file')
        .map(({ participant }) => participant);
      for (const { name, of } of TYPES) {
        const changed = large.filter((id) => of(id) !== id && extra.includes(of(id)));
        if (changed.length === 0) continue;
        return {
          certainty: 'certain',
          text: `The receiver keeps participant ids in ${name} (${changed[0]} becomes ${of(changed[0]!)})`,
          explains: [result],
        };
      }
      if (onlyLargeAreLost(result))
        return {
          certainty: 'likely',
          text: 'The receiver has no room for participant ids above 2147483647',
          explains: [result],
        };
    }
    return undefined;
  },
};

/** Nothing of theirs is kept, and nothing else is wrong. */
function onlyLargeAreLost(result: CaseResult): boolean {
  const isKept = result.meetings.some((meeting) =>
    meeting.lanes.some(
      ({ participant }) => participant > MAX_INT32 && keptOf(meeting, participant).length > 0,
    ),
  );
  return (
    !isKept && wrongLines(result).every(({ participant }) => participant !== null && participant > MAX_INT32)
  );
}
