import type { KeptCause } from '../cause.ts';
import type { CaseResult, MeetingReport } from '../report.ts';
import { hasOnly, LOSSES, lostOf } from '../results.ts';

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
    const decisive = [...new Set(ended.map(({ result }) => result))];
    const others = wrong.filter(
      (each) =>
        !decisive.includes(each) &&
        each.connections === 'per-participant' &&
        hasOnly(each, LOSSES) &&
        hasClose(each),
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
  /** When the connection of somebody else closed meanwhile, in order. */
  readonly closesS: readonly number[];
}

/** Who was unmuted while the connection of somebody else closed in order. */
function bystandersOf({ lanes, connections, kept }: MeetingReport): Bystander[] {
  return lanes.flatMap(({ participant, unmuted }) =>
    unmuted.flatMap(({ from_s: fromS, to_s: toS }) => {
      const closesS = connections
        .filter(({ ended_by, participants }) => ended_by === 'emulator' && participants.length > 0)
        .filter(({ participants }) => !participants.includes(participant))
        .map(({ closed_s }) => closed_s)
        .filter((each) => each !== null && each > fromS && each < toS) as number[];
      return kept === null || closesS.length === 0 ? [] : [{ participant, fromS, toS, closesS }];
    }),
  );
}

/** `lives_on`: so long after a close that it cannot be its doing. */
function fateOf(meeting: MeetingReport, { participant, fromS, toS, closesS }: Bystander) {
  const lagS = LAG_S * meeting.speed;
  const lost = lostOf(meeting, participant).filter((each) => each.fromS < toS && each.toS > fromS);
  // Before that, the close may have come too early to meet them.
  const firstS = closesS.find((closeS) => closeS > fromS + lagS) ?? toS;
  const [stretch] = lost;
  if (stretch === undefined || stretch.fromS > firstS + lagS)
    return firstS + lagS < toS ? 'lives_on' : 'other';
  const hasBegin = stretch.fromS > fromS;
  const hasEnd = stretch.toS < toS;
  if (lost.length > 1 || hasBegin === hasEnd) return 'other';
  const borderS = hasBegin ? stretch.fromS : stretch.toS;
  const isNear = closesS.some((closeS) => borderS > closeS - lagS && borderS < closeS + lagS);
  return isNear ? (hasBegin ? 'ended' : 'begun_anew') : 'other';
}

function hasClose({ meetings }: CaseResult): boolean {
  return meetings.some(({ connections }) => connections.length > 1);
}
