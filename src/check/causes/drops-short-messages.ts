import type { KeptCause } from '../cause.ts';
import type { CaseResult } from '../report.ts';
import { hasOnly, keptOf, LOSSES } from '../results.ts';

/** Milliseconds, as cases have them: whole meetings of messages of one length, the shorter before the longer. */
const LENGTHS = [10, 20, 100];
/** They have messages of 10 ms and less among longer ones. */
const MIXED = ['frames.changing_sizes', 'frames.short_last'];

/** It takes them for noise, or waits for more. */
export const dropsShortMessages: KeptCause = {
  code: 'drops_short_messages',
  title: 'Drops short messages',
  shows:
    'Nothing of a meeting of short messages is kept, all of a meeting of longer ones is, and where both come the short ones are missing.',
  remedy:
    'Keep each message, however short it is: the last of a stretch has what is left, and no length is promised. Collect before you hand on, where something needs longer pieces.',
  look(results) {
    const dropped = LENGTHS.filter((length) => results.of(idOf(length)).some(keepsNothing));
    const kept = LENGTHS.filter((length) => results.passes(idOf(length)) === true);
    const shortest = kept[0];
    if (dropped.length === 0 || shortest === undefined || dropped.some((each) => each > shortest))
      return undefined;
    const mixed = MIXED.flatMap((id) => results.of(id)).filter((each) => hasOnly(each, LOSSES));
    const whole = dropped.flatMap((length) => results.of(idOf(length)));
    if (mixed.length === 0 || results.certaintyOf(whole[0]!) === undefined) return undefined;
    return {
      certainty: results.certaintyOf(whole[0]!)!,
      text: `The receiver drops messages of less than ${shortest} ms`,
      explains: [...whole, ...mixed],
    };
  },
};

function idOf(length: number): string {
  return `frames.${length}_ms`;
}

function keepsNothing(result: CaseResult): boolean {
  return (
    hasOnly(result, LOSSES) &&
    result.meetings.every((meeting) =>
      meeting.lanes.every(({ participant }) => keptOf(meeting, participant).length === 0),
    )
  );
}
