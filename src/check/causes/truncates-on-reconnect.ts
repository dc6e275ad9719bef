import type { KeptCause } from '../cause.ts';
import { comebacksOf, isAboutComebacks } from '../comebacks.ts';
import type { CaseResult } from '../report.ts';
import { hasOnly, keptOf, LOSSES, lostOf } from '../results.ts';

/** `open(file, 'w')` at each connection. */
export const truncatesOnReconnect: KeptCause = {
  code: 'truncates_on_reconnect',
  title: "Begins a participant's file anew with each connection",
  shows: 'Of whoever is unmuted again, only what came over the last connection is there.',
  remedy:
    'Look for what you have by recording id and participant id, and go on with it. Compare ids as one type: 100 and "100" are two keys. Open files to append, not to write.',
  look({ all, wrong }) {
    const comebacks = all.flatMap((result) => comebacksOf(result).map((fate) => ({ result, fate })));
    const cut = comebacks.filter(({ fate }) => fate === 'last');
    if (cut.length === 0 || comebacks.some(({ fate }) => fate !== 'last')) return undefined;
    const told = new Set(cut.map(({ result }) => result));
    const explains = wrong.filter((each) => told.has(each) && isAboutComebacks(each));
    if (explains.length === 0) return undefined;
    const lost = wrong.filter((each) => !explains.includes(each) && losesBeginsOnly(each));
    return {
      certainty: 'certain',
      text: "The receiver begins a participant's file anew with each connection",
      explains: [...explains, ...lost],
    };
  },
};

/** Over more connections than one, and what came before the last of them is all that is gone. */
function losesBeginsOnly(result: CaseResult): boolean {
  return (
    hasOnly(result, LOSSES) &&
    result.meetings.every(
      (meeting) =>
        meeting.connections.length > 1 &&
        meeting.lanes.every(({ participant }) => {
          const [first] = keptOf(meeting, participant);
          return lostOf(meeting, participant).every(({ toS }) => first !== undefined && toS <= first.fromS);
        }),
    )
  );
}
