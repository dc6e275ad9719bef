/** Who had one connection after another, and which of them is in what was kept. */
import type { CaseResult, MeetingReport } from './report.ts';
import { hasOnly, keptOf, LOSSES, lostOf, wrongLines } from './results.ts';

/** `all`: nothing is lost. `other`: something else. */
type Fate = 'first' | 'last' | 'all' | 'other';

/** Frames on their way when a connection opens or closes, in seconds of the meeting. */
const ABOUT_S = 0.15;

/** Whether something is wrong in it, and all of that is that audio of those who came back is lost. */
export function isAboutComebacks(result: CaseResult): boolean {
  const back = result.meetings
    .flatMap(({ lanes }) => lanes)
    .filter(({ unmuted }) => unmuted.length > 1)
    .map(({ participant }) => participant);
  return (
    hasOnly(result, LOSSES) &&
    wrongLines(result).every(({ participant }) => participant !== null && back.includes(participant))
  );
}

/** One for each who was muted, and came back over a connection of their own. */
export function comebacksOf({ meetings, connections }: CaseResult): Fate[] {
  if (connections !== 'per-participant') return [];
  return meetings
    .filter(({ kept }) => kept !== null)
    .flatMap((meeting) =>
      meeting.lanes
        .filter(({ unmuted }) => unmuted.length > 1)
        .map(({ participant }) => fateOf(meeting, participant)),
    );
}

function fateOf(meeting: MeetingReport, participant: number): Fate {
  if (lostOf(meeting, participant).length === 0) return 'all';
  const kept = keptOf(meeting, participant);
  const { unmuted } = meeting.lanes.find((each) => each.participant === participant)!;
  const [first, last] = [unmuted[0]!, unmuted.at(-1)!];
  if (kept.length === 0) return 'other';
  if (kept.every(({ fromS }) => fromS > last.from_s - ABOUT_S)) return 'last';
  if (kept.every(({ toS }) => toS < first.to_s + ABOUT_S)) return 'first';
  return 'other';
}
