import type { KeptCause } from '../cause.ts';
import type { CaseResult, KeptReport, MeetingReport } from '../report.ts';
import { hasOnly, LOSSES } from '../results.ts';

/** Slower than this, and real time cannot be told from the meeting's. */
const MIN_SPEED = 4;
/** Between the first and the last piece of a file, in seconds of the meeting. */
const MIN_LENGTH_S = 1;
const MIN_PIECES = 5;

const TORN = [
  ...LOSSES,
  'silence_inserted',
  'silence_length',
  'silence_not_restored',
  'wrong_order',
  'twice',
  'unknown',
];

/** It looks at its own clock instead of the timestamps. */
export const byWallClock: KeptCause = {
  code: 'by_wall_clock',
  title: 'Places audio by when it arrives',
  shows: 'Meetings that are played faster than life are as much shorter in its files.',
  remedy:
    'Place audio by `data.data.timestamp.relative`, in seconds since the recording began. What arrives late, or in a burst, was still said then.',
  look({ all, wrong }) {
    const files = all.flatMap((result) =>
      result.meetings
        .filter(({ speed }) => speed >= MIN_SPEED)
        .flatMap((meeting) =>
          (meeting.kept ?? []).flatMap((file) => {
            const pace = paceOf(file);
            return pace === undefined ? [] : [{ result, meeting, pace }];
          }),
        ),
    );
    const isWall = ({ meeting: { speed }, pace }: { meeting: MeetingReport; pace: number }): boolean =>
      pace * speed > 0.5 && pace * speed < 2;
    if (files.length === 0 || !files.every(isWall)) return undefined;
    const { meeting } = files[0]!;
    // Whatever is torn to pieces was torn by that, also where there is too little to measure.
    const told = new Set(files.map(({ result }) => result));
    const explains = wrong.filter((each) => told.has(each) || (isFast(each) && hasOnly(each, TORN)));
    if (explains.length === 0) return undefined;
    return {
      certainty: 'certain',
      text: `The receiver places audio by when it arrives, not by its timestamp (played ${meeting.speed} times as fast as life, a meeting is as much shorter in its files)`,
      explains,
    };
  },
};

function isFast({ meetings }: CaseResult): boolean {
  return meetings.some(({ speed }) => speed >= MIN_SPEED);
}

/** Seconds in the file for each second that was sent; undefined where there is too little of it. */
function paceOf({ participant, runs }: KeptReport): number | undefined {
  const own = runs.filter((run) => run.kind === 'sent' && run.participant === participant);
  const first = own[0];
  const last = own.at(-1);
  if (first === undefined || last === undefined || own.length < MIN_PIECES) return undefined;
  const sent = last.from_s! - first.from_s!;
  return sent < MIN_LENGTH_S ? undefined : (last.at_s - first.at_s) / sent;
}
