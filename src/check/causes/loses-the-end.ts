import type { KeptCause } from '../cause.ts';
import type { CaseResult, MeetingReport } from '../report.ts';
import { hasOnly, LOSSES, lostOf, type Stretch } from '../results.ts';

/** What waits in a buffer is no more than this, in seconds. */
export const MAX_END_S = 0.6;
/** Where messages are longer than that, one of them may wait there. */
const LONG_MESSAGES_S: Readonly<Record<string, number>> = { 'frames.1000_ms': 1 };
/** One may be an accident. */
const MIN_CASES = 2;

/** What it has in a buffer when a connection closes is forgotten. */
export const losesTheEnd: KeptCause = {
  code: 'loses_the_end',
  title: 'Loses what it has not written when a connection closes',
  shows:
    'The last moments before a close are missing, also where somebody speaks alone; all before them is there.',
  remedy:
    'Write what is buffered when a connection closes, before you let go of it, and do not leave it to a timer that finds nothing any more.',
  look({ wrong }) {
    const explains = wrong.filter((each) => hasOnly(each, LOSSES) && losesEndsOnly(each));
    // Where somebody else closes, too, it may be their close that ended it.
    const alone = explains.filter(({ meetings }) => meetings.every(isAlone));
    if (alone.length === 0 || explains.length < MIN_CASES) return undefined;
    return {
      certainty: 'certain',
      text: 'The receiver loses what it has not written when a connection closes',
      explains: [...alone, ...explains.filter((each) => !alone.includes(each))],
    };
  },
};

function losesEndsOnly(result: CaseResult): boolean {
  const losses = lossesIn(result);
  const mostS = MAX_END_S + (LONG_MESSAGES_S[result.id] ?? 0);
  return losses.length > 0 && losses.every((loss) => isEnd(loss, mostS));
}

interface Loss extends Stretch {
  /** The unmuted stretch in which it is. */
  readonly within: { readonly from_s: number; readonly to_s: number };
}

function lossesIn({ meetings }: CaseResult): Loss[] {
  return meetings.flatMap((meeting) =>
    meeting.lanes.flatMap(({ participant, unmuted }) =>
      lostOf(meeting, participant).map((lost) => ({
        ...lost,
        within: unmuted.find(({ from_s, to_s }) => lost.fromS < to_s && lost.toS > from_s)!,
      })),
    ),
  );
}

function isEnd({ fromS, toS, within }: Loss, mostS: number): boolean {
  return toS >= within.to_s && fromS > within.from_s && toS - fromS <= mostS;
}

function isAlone({ connections }: MeetingReport): boolean {
  return connections.length === 1;
}
