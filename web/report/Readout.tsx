/** What was sent and what was kept at the moment of the cursor. */
import type { MeetingReport, Lane as SentLane } from '../../src/check/report.ts';
import { runText } from '../lanes/KeptTrack.tsx';
import { MomentReadout } from '../lanes/MomentReadout.tsx';
import type { Person } from '../lanes/people.ts';
import { firstAfter } from '../lanes/view.ts';
import { PEAK_SECONDS } from '../lanes/wave.ts';

interface ReadoutProps {
  readonly at: number | null;
  readonly meeting: MeetingReport;
  readonly people: ReadonlyMap<number, Person>;
}

/** Of the axis: a mark is as near as that. */
const NEAR = 0.012;

export function Readout({ at, meeting, people }: ReadoutProps) {
  if (at === null)
    return <p class="hint">Point at a moment to read what was sent and what was kept of it.</p>;
  const { lanes, marks, duration_s } = meeting;
  const personOf = ({ participant }: SentLane): Person => people.get(participant)!;
  return (
    <MomentReadout
      at={at}
      marks={marks}
      near={duration_s * NEAR}
      of={lanes}
      keyOf={({ participant }) => participant}
      personOf={personOf}
      stateOf={(lane) =>
        `${at > duration_s ? 'the meeting is over' : sentAt(lane, at)}${keptAt(meeting, personOf(lane), people, at)}`
      }
    />
  );
}

function sentAt({ unmuted, missing, peaks }: SentLane, at: number): string {
  const within = (spans: SentLane['unmuted']): boolean =>
    spans.some(({ from_s, to_s }) => from_s <= at && at < to_s);
  if (within(missing)) return 'lost on the way';
  if (!within(unmuted)) return 'muted';
  return (peaks[Math.floor(at / PEAK_SECONDS)] ?? 0) === 0 ? 'unmuted, silent' : 'sent';
}

function keptAt(
  { kept }: MeetingReport,
  person: Person,
  people: ReadonlyMap<number, Person>,
  at: number,
): string {
  if (kept === null) return '';
  const files = kept.filter(({ participant }) => participant === person.id);
  if (files.length === 0) return '; no file';
  const { runs } = files[0]!;
  const run = runs[firstAfter(runs, at, ({ at_s, length_s }) => at_s + length_s)];
  return run === undefined ? '; its file has ended' : `; ${runText(run, people)}`;
}
