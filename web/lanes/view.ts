/** The part of a timeline that is drawn: what is scrolled out of sight is not, nor is what would be less than a pixel. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

export interface View {
  /** Seconds of the axis: what is in sight, and some more on both sides, so that not every scroll draws anew. */
  readonly from: number;
  readonly to: number;
  readonly pxPerSecond: number;
}

/** Before anything has been measured. */
const UNMEASURED: View = { from: 0, to: Number.POSITIVE_INFINITY, pxPerSecond: 20 };

export const ViewContext = createContext<View>(UNMEASURED);

export function useView(): View {
  return useContext(ViewContext);
}

/**
 * Those of `spans` that are drawn. They are in order, and apart. Of those that would share a pixel it is the one that weighs most.
 */
export function drawn<T>(
  spans: readonly T[],
  { from, to, pxPerSecond }: View,
  of: (span: T) => { readonly from: number; readonly to: number; readonly weight?: number },
): T[] {
  const shown: T[] = [];
  let pixel = Number.NaN;
  // What ends where the view begins sticks out by a pixel.
  for (
    let index = firstAfter(spans, from - 1 / pxPerSecond, (span) => of(span).to);
    index < spans.length;
    index++
  ) {
    const span = spans[index]!;
    const place = of(span);
    if (place.from > to) break;
    const isSmall = (place.to - place.from) * pxPerSecond < 1;
    const at = isSmall ? Math.floor(place.from * pxPerSecond) : Number.NaN;
    if (at !== pixel) shown.push(span);
    else if ((place.weight ?? 0) > (of(shown.at(-1)!).weight ?? 0)) shown[shown.length - 1] = span;
    pixel = at;
  }
  return shown;
}

/** Index of the first item whose `numberOf` is above `value`; they rise with the items. Their number when there is none. */
export function firstAfter<T>(items: readonly T[], value: number, numberOf: (item: T) => number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numberOf(items[middle]!) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Whether words on a span have to follow what is scrolled to stay in sight: few are so wide, and each that follows costs a layer. */
export function isWide(from: number, to: number, view: View): boolean {
  return to - from > (view.to - view.from) * WIDE;
}

/** Of what is drawn. */
const WIDE = 0.2;
