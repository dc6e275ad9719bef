/**
 * Lanes on an axis that grows while the meeting goes on, and follows its end until somebody looks at something else. The browser scrolls
 * it; a longer axis moves nothing that is drawn. Knows nothing of what the lanes show.
 */
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Axis, Grid } from '../lanes/Axis.tsx';
import { percent, timeText } from '../lanes/time.ts';
import { useViewOf } from '../lanes/useView.ts';
import { type View, ViewContext } from '../lanes/view.ts';

interface LiveTimelineProps {
  readonly label: string;
  /** Seconds into the meeting. */
  readonly now: number;
  readonly isOver: boolean;
  readonly children: (duration: number) => ComponentChildren;
  /** What there is to say of a moment in a lane. */
  readonly readout: (at: number, participant: number | undefined) => ComponentChildren;
}

/** Pixels of a second. */
const SCALES = [4, 8, 16, 32, 64, 128, 256];
const FIRST_SCALE = 3;
/** The axis grows by so much at once. */
const STEP_SECONDS = 60;
/** No screen is wider. */
const WIDEST_PX = 2_000;
/** Where now is, of what is in sight. */
const NOW_AT = 0.88;

export function LiveTimeline({ label, now, isOver, children, readout }: LiveTimelineProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const plot = useRef<HTMLDivElement>(null);
  const zoom = useScale();
  const { px } = zoom;
  const follow = useFollow(scroller, plot, now, px);
  const duration = isOver
    ? Math.max(10, now)
    : Math.ceil((now + (WIDEST_PX * (1 - NOW_AT)) / px) / STEP_SECONDS + 0.1) * STEP_SECONDS;
  const view = useViewOf(scroller, plot, duration, duration * px);
  const { pointed, onPoint, onLeave } = useMoment(plot, px);
  return (
    <div class="timeline live">
      <Tools zoom={zoom} follow={follow} isOver={isOver} />
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms; this is a picture that scrolls. */}
      <div
        ref={scroller}
        class="scroller"
        role="group"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard.
        tabIndex={0}
        aria-label={`${label}: arrow keys scroll, + and − zoom, F follows`}
        onScroll={follow.onScroll}
        onKeyDown={(event) => onKey(event, zoom, follow)}
        onPointerMove={onPoint}
        onPointerLeave={onLeave}
      >
        <ViewContext.Provider value={view}>
          <div class="sheet" style={{ width: `calc(var(--label) + ${Math.round(duration * px)}px)` }}>
            <div ref={plot} class="plot">
              <Grid duration={duration} width={duration * px} />
            </div>
            <Axis duration={duration} width={duration * px} />
            {children(duration)}
            <div class="plot over">
              {!isOver && <div class="now-line" style={{ left: percent(now, duration) }} />}
              {pointed !== undefined && <Cursor at={pointed.at} duration={duration} view={view} />}
            </div>
          </div>
        </ViewContext.Provider>
      </div>
      <div class="readout">
        {pointed === undefined ? (
          <span class="hint">Point at a lane: here stands what it is.</span>
        ) : (
          readout(pointed.at, pointed.participant)
        )}
      </div>
    </div>
  );
}

interface CursorProps {
  readonly at: number;
  readonly duration: number;
  readonly view: View;
}

/** Of what is in sight: further to the right its time has more room on the left. */
const LATE = 0.7;

function Cursor({ at, duration, view }: CursorProps) {
  const isLate = at > view.from + (view.to - view.from) * LATE;
  return (
    <div class="cursor" style={{ left: percent(at, duration) }}>
      <span class={isLate ? 'left' : ''}>{timeText(at)}</span>
    </div>
  );
}

interface ToolsProps {
  readonly zoom: Scale;
  readonly follow: ReturnType<typeof useFollow>;
  readonly isOver: boolean;
}

function Tools({ zoom, follow, isOver }: ToolsProps) {
  const hint = follow.isOn ? 'Follows the meeting; scroll to stop.' : 'Stands still; the meeting goes on.';
  return (
    <div class="timeline-tools">
      {!isOver && (
        <button type="button" class="follow" onClick={follow.toggle}>
          {follow.isOn ? 'Pause' : 'Follow'}
        </button>
      )}
      <span class="hint">{isOver ? 'It is over.' : hint}</span>
      <button type="button" aria-label="Zoom out" disabled={!zoom.canOut} onClick={() => zoom.by(-1)}>
        −
      </button>
      <button type="button" aria-label="Zoom in" disabled={!zoom.canIn} onClick={() => zoom.by(1)}>
        +
      </button>
    </div>
  );
}

function onKey(event: KeyboardEvent, zoom: Scale, follow: ReturnType<typeof useFollow>): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget) return;
  if (event.key === '+' || event.key === '=') zoom.by(1);
  else if (event.key === '-') zoom.by(-1);
  else if (event.key === 'f') follow.toggle();
}

interface Scale {
  /** Pixels of a second. */
  readonly px: number;
  readonly canIn: boolean;
  readonly canOut: boolean;
  by(steps: number): void;
}

function useScale(): Scale {
  const [scale, setScale] = useState(FIRST_SCALE);
  return {
    px: SCALES[scale]!,
    canIn: scale < SCALES.length - 1,
    canOut: scale > 0,
    by: (steps) => setScale((last) => Math.min(SCALES.length - 1, Math.max(0, last + steps))),
  };
}

interface Moment {
  readonly at: number;
  /** Whose lane it is in. */
  readonly participant: number | undefined;
}

/** What the pointer is over. */
function useMoment(plot: { readonly current: HTMLDivElement | null }, px: number) {
  const [pointed, setPointed] = useState<Moment | undefined>(undefined);
  const onPoint = (event: PointerEvent): void => {
    const target = event.target as Element;
    if (target.closest('.lane-label') !== null) {
      setPointed(undefined);
      return;
    }
    const at = (event.clientX - plot.current!.getBoundingClientRect().left) / px;
    const id = target.closest('[data-participant]')?.getAttribute('data-participant');
    setPointed({ at, participant: id == null ? undefined : Number(id) });
  };
  return { pointed, onPoint, onLeave: () => setPointed(undefined) };
}

/** Keeps now in sight until somebody scrolls away from it. */
function useFollow(
  scroller: { readonly current: HTMLDivElement | null },
  plot: { readonly current: HTMLDivElement | null },
  now: number,
  px: number,
) {
  const [isOn, setOn] = useState(true);
  /** Where we have scrolled to. What differs from it is somebody else's doing. */
  const expected = useRef(0);
  useLayoutEffect(() => {
    const { current } = scroller;
    if (current === null || !isOn) return;
    const width = current.clientWidth - (plot.current?.offsetLeft ?? 0);
    current.scrollLeft = Math.max(0, Math.round(now * px - width * NOW_AT));
    expected.current = current.scrollLeft;
  }, [now, px, isOn]);
  return {
    isOn,
    toggle: () => setOn(!isOn),
    onScroll(): void {
      if (isOn && Math.abs((scroller.current?.scrollLeft ?? 0) - expected.current) > 2) setOn(false);
    },
  };
}
