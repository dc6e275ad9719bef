/** What is of nobody alone: moments, connections that carry several participants or none, and what was found of all together. */
import type { Mark } from '../../src/check/report.ts';
import { ConnectionLanes } from './ConnectionLanes.tsx';
import type { ConnectionBar } from './ConnectionTrack.tsx';
import { FindingLanes } from './FindingLanes.tsx';
import { Lane } from './Lane.tsx';
import { Lanes } from './Lanes.tsx';
import { MarkTrack } from './MarkTrack.tsx';
import type { LabelledSpan } from './SpanTrack.tsx';

interface SharedLanesProps {
  readonly marks: readonly Mark[];
  readonly bars: readonly ConnectionBar[];
  readonly spans: readonly LabelledSpan[];
  /** Seconds that the axis spans. */
  readonly duration: number;
  /** Where the meeting is, while it goes on. */
  readonly now?: number;
}

export function SharedLanes({ marks, bars, spans, ...axis }: SharedLanesProps) {
  if (marks.length + bars.length + spans.length === 0) return null;
  return (
    <Lanes>
      {marks.length > 0 && (
        <Lane kind="marks" label="what happened">
          <MarkTrack marks={marks} duration={axis.duration} />
        </Lane>
      )}
      <ConnectionLanes bars={bars} {...axis} />
      <FindingLanes spans={spans} duration={axis.duration} />
    </Lanes>
  );
}
