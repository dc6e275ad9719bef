import type { KeptCause } from '../cause.ts';
import type { CaseResult, MeetingReport } from '../report.ts';
import { hasOnly, LOSSES, lostOf, type Stretch } from '../results.ts';

/** Of 100: nobody who says anything stays below it for long. */
const QUIET = 1;
const PEAK_S = 0.02;
/** So much of what is lost may be the edge of a word. */
const MIN_SHARE = 0.9;

/** Voice detection, before anything is kept. */
export const leavesOutQuiet: KeptCause = {
  code: 'leaves_out_quiet',
  title: 'Leaves out what is quiet',
  shows: 'Whatever is missing was silence of somebody who was unmuted; all that was said is there.',
  remedy:
    'Keep what is sent of whoever is unmuted, also when they say nothing: its place in time is taken all the same. Let voice detection mark what it finds, not cut it out.',
  look(results) {
    const explains = results.wrong.filter((each) => hasOnly(each, LOSSES) && losesOnlyQuiet(each));
    const [silent] = explains.filter(({ id }) => id === 'basic.silent');
    const certainty = silent && results.certaintyOf(silent);
    if (silent === undefined || certainty === undefined) return undefined;
    return {
      certainty,
      text: 'The receiver leaves out what is quiet',
      explains: [silent, ...explains.filter((each) => each !== silent)],
    };
  },
};

function losesOnlyQuiet({ meetings }: CaseResult): boolean {
  const lost = meetings.flatMap((meeting) =>
    meeting.lanes.flatMap((lane) =>
      lostOf(meeting, lane.participant).map((stretch) => isQuiet(lane.peaks, stretch)),
    ),
  );
  return lost.length > 0 && lost.every(Boolean);
}

function isQuiet(peaks: MeetingReport['lanes'][number]['peaks'], { fromS, toS }: Stretch): boolean {
  const within = peaks.slice(Math.ceil(fromS / PEAK_S), Math.floor(toS / PEAK_S));
  return within.filter((peak) => peak <= QUIET).length >= within.length * MIN_SHARE;
}
