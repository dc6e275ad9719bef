/**
 * Zoom and scroll of a timeline. The sheet grows, and the browser scrolls it: touch, wheel and scroll bar work as everywhere.
 */
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

/** So near that single frames are seen. */
const MIN_SECONDS_IN_SIGHT = 2;
const MIN_MAX_ZOOM = 64;

export interface Zoom {
  /** 1 shows all. */
  readonly zoom: number;
  /** Shows a stretch, as well as it can. */
  readonly show: (from: number, to: number) => void;
  /** Twice as near around `at`, in seconds, or half. */
  readonly by: (factor: number, at?: number | undefined) => void;
  readonly fit: () => void;
  /** Scrolls until `at` is seen. */
  readonly reveal: (at: number) => void;
}

/** `scroller` scrolls, `plot` is what the axis spans inside it. */
export function useZoom(
  scroller: RefObject<HTMLElement | null>,
  plot: RefObject<HTMLElement | null>,
  duration: number,
): Zoom {
  const [zoom, setZoom] = useState(1);
  const maxZoom = Math.max(MIN_MAX_ZOOM, duration / MIN_SECONDS_IN_SIGHT);
  /** A time that belongs at so many pixels from the left, when the sheet has its new width. */
  const anchor = useRef<{ readonly at: number; readonly px: number } | undefined>(undefined);

  const widthOf = (): number => plot.current?.clientWidth ?? 0;
  const visibleOf = (): number => {
    const { current } = scroller;
    return current === null ? 0 : current.clientWidth - (plot.current?.offsetLeft ?? 0);
  };
  useLayoutEffect(() => {
    if (anchor.current === undefined || scroller.current === null) return;
    scroller.current.scrollLeft = (anchor.current.at / duration) * widthOf() - anchor.current.px;
    anchor.current = undefined;
  }, [zoom]);

  const show = (from: number, to: number): void => {
    anchor.current = { at: from, px: 0 };
    setZoom(Math.min(maxZoom, Math.max(1, duration / Math.max(to - from, duration / maxZoom))));
  };
  const by = (factor: number, at?: number): void => {
    const left = scroller.current?.scrollLeft ?? 0;
    const middle = ((left + visibleOf() / 2) / (widthOf() || 1)) * duration;
    const around = at ?? middle;
    anchor.current = { at: around, px: (around / duration) * widthOf() - left };
    setZoom((now) => Math.min(maxZoom, Math.max(1, now * factor)));
  };
  const reveal = (at: number): void => {
    const { current } = scroller;
    if (current === null) return;
    const x = (at / duration) * widthOf();
    const margin = visibleOf() / 10;
    if (x < current.scrollLeft + margin) current.scrollLeft = x - margin;
    else if (x > current.scrollLeft + visibleOf() - margin) current.scrollLeft = x - visibleOf() + margin;
  };
  useWheel(scroller, (event) => {
    const box = plot.current!.getBoundingClientRect();
    by(event.deltaY < 0 ? 1.25 : 0.8, ((event.clientX - box.left) / box.width) * duration);
  });
  return { zoom, show, by, fit: () => setZoom(1), reveal };
}

/** With Ctrl or ⌘ held; without, the page scrolls. */
function useWheel(element: RefObject<HTMLElement | null>, onWheel: (event: WheelEvent) => void): void {
  const latest = useRef(onWheel);
  latest.current = onWheel;
  useEffect(() => {
    const { current } = element;
    const listen = (event: WheelEvent): void => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      latest.current(event);
    };
    current?.addEventListener('wheel', listen, { passive: false });
    return () => current?.removeEventListener('wheel', listen);
  }, [element]);
}
