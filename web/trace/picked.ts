/** What is open beside the lanes. */
import type { Stretch } from '../lanes/Timeline.tsx';

export type Picked =
  /** `index`: its place among the participant's frames. */
  | { readonly kind: 'frame'; readonly place: number; readonly index: number }
  | { readonly kind: 'stretch'; readonly stretch: Stretch }
  | { readonly kind: 'happening'; readonly id: string };

/** `3 frames`, `1 frame`. */
export function countOf(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
