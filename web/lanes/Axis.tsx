/** The time axis above the lanes. */
import { percent, ticksOf, timeText } from './time.ts';
import { drawn, useView } from './view.ts';

interface AxisProps {
  readonly duration: number;
  /** Of the axis, in pixels. */
  readonly width: number;
}

/** Those that are drawn. */
function useTicks({ duration, width }: AxisProps): number[] {
  return drawn(ticksOf(duration, width), useView(), (at) => ({ from: at, to: at }));
}

/** Less at the end would cut its words off. */
const MIN_LABEL_PX = 44;

function hasRoom(at: number, { duration, width }: AxisProps): boolean {
  return at === 0 || (1 - at / duration) * width >= MIN_LABEL_PX;
}

export function Axis({ duration, width }: AxisProps) {
  const ticks = useTicks({ duration, width });
  return (
    <div class="lane axis" aria-hidden="true">
      <div class="lane-label" />
      <div class="lane-track">
        {ticks
          .filter((at) => hasRoom(at, { duration, width }))
          .map((at) => (
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
  const ticks = useTicks({ duration, width });
  return (
    <div class="grid-lines" aria-hidden="true">
      {ticks.map((at) => (
        <span key={at} style={{ left: percent(at, duration) }} />
      ))}
    </div>
  );
}
