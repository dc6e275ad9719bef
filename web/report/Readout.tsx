/** What was sent and what was kept at the moment of the cursor. */
import type { MeetingReport, Lane as SentLane } from '../../src/check/report.ts';
import { Badge } from '../lanes/Badge.tsx';
import { runText } from '../lanes/KeptTrack.tsx';
import { nameOf, type Person } from '../lanes/people.ts';
import { timeText } from '../lanes/time.ts';
import { firstAfter } from '../lanes/view.ts';
import { PEAK_SECONDS } from '../lanes/wave.ts';

interface ReadoutProps {
  readonly at: number | null;
  readonly meeting: MeetingReport;
  readonly people: ReadonlyMap<number, Person>;
}

/** More would be a table. */
const MAX_PEOPLE = 8;
const MAX_MARKS = 3;
/** Of the axis: a mark is as near as that. */
const NEAR = 0.012;

export function Readout({ at, meeting, people }: ReadoutProps) {
  if (at === null)
    return <p class="hint">Point at a moment to read what was sent and what was kept of it.</p>;
  const { lanes, marks, duration_s } = meeting;
  const near = marks.filter(({ at_s }) => Math.abs(at_s - at) <= duration_s * NEAR).slice(0, MAX_MARKS);
  return (
    <ul>
      <li>
        <b>{timeText(at)}</b>
        {near.map(({ text, at_s }) => (
          <span key={`${at_s} ${text}`} class="near">
            <bdi>{text}</bdi>
          </span>
        ))}
      </li>
      {lanes.slice(0, MAX_PEOPLE).map((lane) => {
        const person = people.get(lane.participant)!;
        return (
          <li key={lane.participant}>
            <Badge person={person} />
            <bdi class="name">{nameOf(person)}</bdi>
            <span>
              : {at > duration_s ? 'the meeting is over' : sentAt(lane, at)}
              {keptAt(meeting, person, people, at)}
            </span>
          </li>
        );
      })}
      {lanes.length > MAX_PEOPLE && <li>… {lanes.length - MAX_PEOPLE} more</li>}
    </ul>
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
