/** What everybody was doing at the moment of the cursor. */
import { MomentReadout } from '../lanes/MomentReadout.tsx';
import { firstAfter } from '../lanes/view.ts';
import { PEAK_SECONDS } from '../lanes/wave.ts';
import type { MeetingTrace, PersonTrace, Span } from './meeting.ts';

/** Of the axis: a mark is as near as that. */
const NEAR = 0.004;

export function Readout({ at, meeting }: { readonly at: number | null; readonly meeting: MeetingTrace }) {
  if (at === null) return <p class="hint">Point at a moment to read what was going on.</p>;
  return (
    <MomentReadout
      at={at}
      marks={meeting.marks}
      near={meeting.durationSeconds * NEAR}
      of={meeting.people}
      keyOf={({ place }) => place}
      personOf={({ person }) => person}
      stateOf={(each) => stateAt(each, at)}
    />
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
