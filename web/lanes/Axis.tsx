/** The time axis above the lanes. */
import { percent, ticksOf, timeText } from './time.ts';

interface AxisProps {
  readonly duration: number;
  /** Of the axis, in pixels. */
  readonly width: number;
}

export function Axis({ duration, width }: AxisProps) {
  return (
    <div class="lane axis" aria-hidden="true">
      <div class="lane-label" />
      <div class="lane-track">
        {ticksOf(duration, width).map((at) => (
          <span key={at} style={{ left: percent(at, duration) }}>
            {timeText(at)}
          </span>
        ))}
      </div>
    </div>
  );
}

/** The same ticks as lines behind the lanes. */
export function Grid({ duration, width }: AxisProps) {
  return (
    <div class="grid-lines" aria-hidden="true">
      {ticksOf(duration, width).map((at) => (
        <span key={at} style={{ left: percent(at, duration) }} />
      ))}
    </div>
  );
}
