/**
 * Lanes on one time axis: a cursor that follows the pointer or the arrow keys, zoom by wheel, buttons or dragging over a stretch.
 * Knows nothing of what the lanes show.
 */
import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { Axis, Grid } from './Axis.tsx';
import { percent, place, timeText } from './time.ts';
import { useViewOf } from './useView.ts';
import { useWidth } from './useWidth.ts';
import { useZoom, type Zoom } from './useZoom.ts';
import { ViewContext } from './view.ts';

interface TimelineProps {
  readonly label: string;
  /** Seconds that the axis spans. */
  readonly duration: number;
  readonly children: ComponentChildren;
  /** What there is to say of a moment; null when no moment is pointed at. */
  readonly readout: (at: number | null) => ComponentChildren;
  readonly playhead?: ComponentChildren;
  /** What dragging over a stretch selects. Without it, it zooms in. */
  readonly onSelect?: ((stretch: Stretch | undefined) => void) | undefined;
  readonly selected?: Stretch | undefined;
  /** What Enter opens: whatever stands at the cursor. */
  readonly onOpen?: ((at: number) => void) | undefined;
}

export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Less than this is a click. */
const MIN_DRAG_PX = 4;

export function Timeline(props: TimelineProps) {
  const { label, duration, children, readout, playhead, onSelect, selected, onOpen } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const plot = useRef<HTMLDivElement>(null);
  const zoom = useZoom(scroller, plot, duration);
  const width = useWidth(plot);
  const view = useViewOf(scroller, plot, duration, width * zoom.zoom);
  const { cursor, newest, setCursor } = useCursor();
  const timeAt = (clientX: number): number => {
    const box = plot.current!.getBoundingClientRect();
    return Math.min(duration, Math.max(0, ((clientX - box.left) / box.width) * duration));
  };
  const drag = useDrag(timeAt, onSelect === undefined ? zoom.show : (from, to) => onSelect({ from, to }));
  const stretch = drag.stretch ?? selected;
  return (
    <div class="timeline">
      <Toolbar zoom={zoom} cursor={cursor} selects={onSelect !== undefined} selected={selected} />
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms; this is a picture that keys move in. */}
      <div
        ref={scroller}
        class="scroller"
        role="group"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the arrow keys move its cursor.
        tabIndex={0}
        aria-label={`${label}: arrow keys move the cursor, + and − zoom, 0 shows all${onOpen === undefined ? '' : ', Enter opens what is at the cursor'}`}
        onKeyDown={(event) => onKey(event, { zoom, cursor: newest.current, setCursor, duration, onOpen })}
        onPointerMove={(event) => {
          const isLabel = (event.target as Element).closest('.lane-label') !== null;
          setCursor(isLabel ? null : timeAt(event.clientX));
          drag.onMove(event);
        }}
        onPointerLeave={() => setCursor(null)}
        onPointerDown={drag.onDown}
        onPointerUp={drag.onUp}
        onPointerCancel={drag.onCancel}
        onDblClick={zoom.fit}
      >
        <ViewContext.Provider value={view}>
          <div class="sheet" style={{ '--zoom': String(zoom.zoom) }}>
            <div ref={plot} class="plot">
              <Grid duration={duration} width={width} />
            </div>
            <Axis duration={duration} width={width} />
            {children}
            <div class="plot over">
              {stretch !== undefined && (
                <div class="selection" style={place(stretch.from, stretch.to, duration)} />
              )}
              {playhead}
              {cursor !== null && <Cursor at={cursor} duration={duration} />}
            </div>
          </div>
        </ViewContext.Provider>
      </div>
      <div class="readout">{readout(cursor)}</div>
    </div>
  );
}

function Cursor({ at, duration }: { readonly at: number; readonly duration: number }) {
  return (
    <div class="cursor" style={{ left: percent(at, duration) }}>
      <span class={at > duration * 0.9 ? 'left' : ''}>{timeText(at)}</span>
    </div>
  );
}

interface ToolbarProps {
  readonly zoom: Zoom;
  readonly cursor: number | null;
  readonly selects: boolean;
  readonly selected: Stretch | undefined;
}

function Toolbar({ zoom, cursor, selects, selected }: ToolbarProps) {
  return (
    <div class="timeline-tools">
      <span class="hint">
        {selects
          ? 'Drag over a stretch to select it; click on a frame to open it.'
          : 'Drag over a stretch to zoom in; double-click shows all.'}
      </span>
      {selects && (
        <button
          type="button"
          disabled={selected === undefined}
          onClick={() => selected !== undefined && zoom.show(selected.from, selected.to)}
        >
          Zoom to selection
        </button>
      )}
      <button type="button" aria-label="Zoom out" disabled={zoom.zoom === 1} onClick={() => zoom.by(0.5)}>
        −
      </button>
      <button type="button" aria-label="Zoom in" onClick={() => zoom.by(2, cursor ?? undefined)}>
        +
      </button>
      <button type="button" disabled={zoom.zoom === 1} onClick={zoom.fit}>
        Show all
      </button>
    </div>
  );
}

interface Keys {
  readonly zoom: Zoom;
  readonly cursor: number | null;
  readonly setCursor: (at: number) => void;
  readonly duration: number;
  readonly onOpen: ((at: number) => void) | undefined;
}

function onKey(event: KeyboardEvent, { zoom, cursor, setCursor, duration, onOpen }: Keys): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget) return;
  const step = (duration / zoom.zoom) * (event.shiftKey ? 0.1 : 0.01);
  const moves: Readonly<Record<string, number>> = {
    ArrowLeft: (cursor ?? 0) - step,
    ArrowRight: cursor === null ? 0 : cursor + step,
    Home: 0,
    End: duration,
  };
  const to = moves[event.key];
  if (to !== undefined) {
    const at = Math.min(duration, Math.max(0, to));
    setCursor(at);
    zoom.reveal(at);
  } else if (event.key === '+' || event.key === '=') zoom.by(2, cursor ?? undefined);
  else if (event.key === '-') zoom.by(0.5, cursor ?? undefined);
  else if (event.key === '0') zoom.fit();
  else if (event.key === 'Enter' && onOpen !== undefined) onOpen(cursor ?? 0);
  else return;
  event.preventDefault();
}

/** Where the cursor is. It is drawn once a frame: a pointer and keys move it more often than that. */
function useCursor() {
  const [cursor, setDrawn] = useState<number | null>(null);
  const newest = useRef<number | null>(null);
  const isAsked = useRef(false);
  const setCursor = (at: number | null): void => {
    newest.current = at;
    if (isAsked.current) return;
    isAsked.current = true;
    requestAnimationFrame(() => {
      isAsked.current = false;
      setDrawn(newest.current);
    });
  };
  return { cursor, newest, setCursor };
}

/** A stretch that the mouse is dragged over. Fingers scroll instead. */
function useDrag(timeAt: (clientX: number) => number, onStretch: (from: number, to: number) => void) {
  const start = useRef<number | undefined>(undefined);
  const [stretch, setStretch] = useState<Stretch | undefined>(undefined);
  const end = (): void => {
    start.current = undefined;
    setStretch(undefined);
  };
  return {
    stretch,
    onDown(event: PointerEvent): void {
      const isControl = (event.target as Element).closest('button, a') !== null;
      if (event.pointerType !== 'touch' && event.button === 0 && !isControl) start.current = event.clientX;
    },
    onMove(event: PointerEvent): void {
      if (start.current === undefined || Math.abs(event.clientX - start.current) < MIN_DRAG_PX) return;
      (event.currentTarget as Element).setPointerCapture(event.pointerId);
      const [from, to] = [timeAt(start.current), timeAt(event.clientX)].sort((a, b) => a - b);
      setStretch({ from: from!, to: to! });
    },
    onUp(): void {
      if (stretch !== undefined) onStretch(stretch.from, stretch.to);
      end();
    },
    onCancel: end,
  };
}
