import type { KeptCause } from '../cause.ts';
import type { CaseResult, MeetingReport } from '../report.ts';
import { hasOnly, isPlain, keptOf, LOSSES, lostOf } from '../results.ts';
import { MAX_END_S } from './loses-the-end.ts';

/** Wall seconds that a receiver may take to see a close, or messages on another connection that were sent before it. */
const LAG_S = 0.15;

/** Whoever mutes ends the others, too. */
export const closesAll: KeptCause = {
  code: 'closes_all_at_one_close',
  title: 'Ends the audio of everybody when one connection closes',
  shows:
    'People who go on speaking are lost from the moment at which the connection of somebody else closes, or what they said before is.',
  remedy:
    'A close ends one connection: end, flush or forget only what belongs to its participant, never all of the recording.',
  look({ all, wrong }) {
    const bystanders = all
      .filter(isUndisturbed)
      .flatMap((result) =>
        result.meetings.flatMap((meeting) =>
          bystandersOf(meeting).map((each) => ({ result, fate: fateOf(meeting, each) })),
        ),
      );
    const ended = bystanders.filter(({ fate }) => fate === 'ended' || fate === 'begun_anew');
    if (ended.length === 0 || bystanders.some(({ fate }) => fate === 'lives_on')) return undefined;
    // Where nobody is muted before the end, as much must not be lost.
    if (all.filter(isPlain).some(({ meetings }) => meetings.some(losesMuch))) return undefined;
    const decisive = [...new Set(ended.map(({ result }) => result))];
    const others = wrong.filter(
      (each) => !decisive.includes(each) && hasOnly(each, LOSSES) && hasClose(each),
    );
    const isAnew = ended.every(({ fate }) => fate === 'begun_anew');
    const what = isAnew ? 'begins the files of everybody anew' : 'ends the audio of everybody';
    return {
      certainty: 'certain',
      text: `The receiver ${what} when one connection closes`,
      explains: [...decisive, ...others],
    };
  },
};

/** Whatever went wrong on the wire is a cause of its own. */
function isUndisturbed({ diagnoses, process }: CaseResult): boolean {
  return diagnoses.length === 0 && (process?.exit ?? null) === null;
}

interface Bystander {
  readonly participant: number;
  readonly fromS: number;
  readonly toS: number;
  /** When the first of the others was muted meanwhile. */
  readonly muteS: number;
  /** When that was over on the wire, however busy everybody was; Infinity when it was not while they were unmuted. */
  readonly closedS: number;
}

/** Who was unmuted while the connection of somebody else closed in order. */
function bystandersOf({ lanes, connections, kept }: MeetingReport): Bystander[] {
  if (kept === null) return [];
  return lanes.flatMap(({ participant, unmuted }) =>
    unmuted.flatMap(({ from_s: fromS, to_s: toS }) => {
      const mutes = lanes
        .filter((other) => other.participant !== participant)
        .flatMap((other) => other.unmuted.map(({ to_s }) => to_s))
        .filter((muteS) => muteS > fromS && muteS < toS);
      const closes = connections
        .filter(({ participants }) => participants.length > 0 && !participants.includes(participant))
        .map(({ closed_s }) => closed_s ?? Number.POSITIVE_INFINITY)
        .filter((closedS) => closedS > fromS);
      // What a connection of their own has done is no bystander's fate.
      const own = connections.filter(({ participants }) => participants.includes(participant));
      if (mutes.length === 0 || closes.length === 0 || own.length > unmuted.length) return [];
      return [{ participant, fromS, toS, muteS: Math.min(...mutes), closedS: Math.min(...closes) }];
    }),
  );
}

/** `lives_on`: so long after a close that it cannot be its doing. How late a busy receiver sees a close is not known. */
function fateOf(meeting: MeetingReport, { participant, fromS, toS, muteS, closedS }: Bystander) {
  const lagS = LAG_S * meeting.speed;
  const lost = lostOf(meeting, participant).filter((each) => each.fromS < toS && each.toS > fromS);
  const [stretch] = lost;
  if (stretch === undefined || (stretch.toS >= toS && toS - stretch.fromS <= MAX_END_S))
    // It has to have been there for long enough before, and to go on for long enough.
    return muteS > fromS + lagS && closedS + lagS < toS ? 'lives_on' : 'other';
  const hasBegin = stretch.fromS > fromS;
  const hasEnd = stretch.toS < toS;
  if (lost.length > 1 || hasBegin === hasEnd) return 'other';
  const borderS = hasBegin ? stretch.fromS : stretch.toS;
  if (borderS < muteS - lagS) return 'other';
  return hasBegin ? 'ended' : 'begun_anew';
}

/** Of somebody of whom there is something: a file that cannot be read tells nothing. */
function losesMuch(meeting: MeetingReport): boolean {
  return meeting.lanes.some(
    ({ participant }) =>
      keptOf(meeting, participant).length > 0 &&
      lostOf(meeting, participant).some(({ fromS, toS }) => toS - fromS > MAX_END_S),
  );
}

function hasClose({ meetings }: CaseResult): boolean {
  return meetings.some(({ connections }) => connections.length > 1);
}
