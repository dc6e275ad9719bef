/** Follows what is in sight of a timeline that is zoomed and scrolled. */
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import type { View } from './view.ts';

/** So much of what is in sight is drawn on both sides of it. */
const MARGIN = 0.5;

/** `scroller` scrolls, `plot` is what the axis spans inside it; `width` is the plot's. */
export function useViewOf(
  scroller: RefObject<HTMLElement | null>,
  plot: RefObject<HTMLElement | null>,
  duration: number,
  width: number,
): View {
  const [view, setView] = useState<View>({ from: 0, to: duration, pxPerSecond: 20 });
  const follow = (): void => {
    const plotWidth = plot.current?.clientWidth ?? 0;
    if (scroller.current === null || plotWidth === 0) return;
    const pxPerSecond = plotWidth / duration;
    const inSight = (scroller.current.clientWidth - plot.current!.offsetLeft) / pxPerSecond;
    const from = scroller.current.scrollLeft / pxPerSecond;
    setView((last) => {
      const to = Math.min(duration, from + inSight);
      const isDrawn = last.from <= from && to <= last.to && last.pxPerSecond === pxPerSecond;
      if (isDrawn) return last;
      const margin = inSight * MARGIN;
      return { from: Math.max(0, from - margin), to: to + margin, pxPerSecond };
    });
  };
  useLayoutEffect(follow, [duration, width]);
  useEffect(() => {
    const { current } = scroller;
    current?.addEventListener('scroll', follow, { passive: true });
    return () => current?.removeEventListener('scroll', follow);
  }, [scroller, duration]);
  return view;
}
