/** What was found wrong at a known time: a lane for each. */
import { Lane } from './Lane.tsx';
import { type LabelledSpan, SpanTrack } from './SpanTrack.tsx';

/** The list of what was found has them all. */
const MAX_SPANS = 5;

interface FindingLanesProps {
  readonly spans: readonly LabelledSpan[];
  readonly duration: number;
}

export function FindingLanes({ spans, duration }: FindingLanesProps) {
  return (
    <>
      {spans.slice(0, MAX_SPANS).map((span) => (
        <Lane key={`${span.from} ${span.text}`} kind="findings">
          <SpanTrack span={span} duration={duration} />
        </Lane>
      ))}
    </>
  );
}
