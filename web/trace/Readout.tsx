/** What everybody was doing at the moment of the cursor. */
import { Badge } from '../lanes/Badge.tsx';
import { nameOf } from '../lanes/people.ts';
import { timeText } from '../lanes/time.ts';
import { firstAfter } from '../lanes/view.ts';
import { PEAK_SECONDS } from '../lanes/wave.ts';
import type { MeetingTrace, PersonTrace, Span } from './meeting.ts';

/** More would be a table. */
const MAX_PEOPLE = 8;
const MAX_MARKS = 3;
/** Of the axis: a mark is as near as that. */
const NEAR = 0.004;

export function Readout({ at, meeting }: { readonly at: number | null; readonly meeting: MeetingTrace }) {
  if (at === null) return <p class="hint">Point at a moment to read what was going on.</p>;
  const { people, marks, durationSeconds } = meeting;
  const near = marks.filter(({ at_s }) => Math.abs(at_s - at) <= durationSeconds * NEAR).slice(0, MAX_MARKS);
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
      {people.slice(0, MAX_PEOPLE).map((each) => (
        <li key={each.place}>
          <Badge person={each.person} />
          <bdi class="name">{nameOf(each.person)}</bdi>
          <span>: {stateAt(each, at)}</span>
        </li>
      ))}
      {people.length > MAX_PEOPLE && <li>… {people.length - MAX_PEOPLE} more</li>}
    </ul>
  );
}

function stateAt({ lane: { unmuted, missing, peaks } }: PersonTrace, at: number): string {
  if (isWithin(missing, at)) return 'lost on the way';
  if (!isWithin(unmuted, at)) return 'muted';
  return (peaks[Math.floor(at / PEAK_SECONDS)] ?? 0) <= 1 ? 'unmuted, silent' : 'unmuted, to be heard';
}

function isWithin(spans: readonly Span[], at: number): boolean {
  const span = spans[firstAfter(spans, at, ({ to_s }) => to_s)];
  return span !== undefined && span.from_s <= at;
}
