/** Single frames as small bars, lost ones as such. Where many share a pixel, what is lost among them is seen. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { place } from './time.ts';
import { useView, type View } from './view.ts';

/** Frames by their place in the order of time. */
export interface FrameList {
  readonly length: number;
  readonly startSeconds: (index: number) => number;
  readonly endSeconds: (index: number) => number;
  readonly isLost: (index: number) => boolean;
}

interface FramesTrackProps {
  readonly frames: FrameList;
  readonly duration: number;
  readonly tone: string;
  /** The one that is open. */
  readonly picked: number | undefined;
  readonly onPick: (index: number) => void;
}

/** A canvas is no wider. */
const MAX_PIXELS = 8_192;
const HEIGHT = 14;
/** Frames have a gap between them when there is room for it. */
const MIN_GAP_PX = 3;

export function FramesTrack({ frames, duration, tone, picked, onPick }: FramesTrackProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const view = useView();
  const from = Math.max(0, view.from);
  const to = Math.min(duration, view.to);
  useLayoutEffect(() => {
    if (canvas.current !== null) draw(canvas.current, frames, { ...view, from, to }, picked);
  }, [frames, view, from, to, picked]);
  const indexAt = (event: MouseEvent): number | undefined => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const at = from + ((event.clientX - box.left) / box.width) * (to - from);
    return nearest(frames, at, 4 / view.pxPerSecond);
  };
  return (
    <canvas
      ref={canvas}
      class={`frames ${tone}`}
      height={HEIGHT * 2}
      style={place(from, to, duration)}
      onClick={(event) => {
        const index = indexAt(event);
        if (index !== undefined) onPick(index);
      }}
    />
  );
}

/** The frame at a time, or one that is no farther from it than `within` seconds. */
function nearest(frames: FrameList, at: number, within: number): number | undefined {
  const after = firstAt(frames, at);
  const candidates = [after, after - 1].filter((index) => index >= 0 && index < frames.length);
  return candidates.find(
    (index) => frames.startSeconds(index) <= at + within && at - within < frames.endSeconds(index),
  );
}

/** The first that ends behind `at`. */
function firstAt(frames: FrameList, at: number): number {
  let low = 0;
  let high = frames.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (frames.endSeconds(middle) > at) high = middle;
    else low = middle + 1;
  }
  return low;
}

function draw(canvas: HTMLCanvasElement, frames: FrameList, view: View, picked: number | undefined): void {
  const { from, to, pxPerSecond } = view;
  const ratio = Math.min(devicePixelRatio, 2);
  const width = Math.max(1, Math.min(MAX_PIXELS, Math.round((to - from) * pxPerSecond * ratio)));
  canvas.width = width;
  const context = canvas.getContext('2d');
  if (context === null) return;
  const scale = width / (to - from);
  // A canvas knows no variables: the element has the colours that it is drawn in.
  const { color: sent, borderTopColor: lost, outlineColor: ink } = getComputedStyle(canvas);
  const { height } = canvas;
  let pixel = -1;
  let lostPixel = -1;
  for (let index = firstAt(frames, from); index < frames.length; index++) {
    const start = frames.startSeconds(index);
    if (start > to) break;
    const x = (start - from) * scale;
    const wide = (frames.endSeconds(index) - start) * scale;
    const at = Math.floor(x);
    const isLost = frames.isLost(index);
    if (index !== picked && (isLost ? at === lostPixel : at === pixel)) continue;
    if (isLost) lostPixel = at;
    else pixel = at;
    const gap = wide >= MIN_GAP_PX * ratio ? ratio : 0;
    context.fillStyle = index === picked ? ink : isLost ? lost : sent;
    // What is lost is hollow: its colour is not all that tells.
    const top = isLost ? 0 : height * 0.2;
    const bottom = isLost ? height : height * 0.8;
    if (isLost && wide > 4 * ratio && index !== picked) {
      context.strokeStyle = lost;
      context.lineWidth = ratio;
      context.strokeRect(x + ratio, top + ratio, wide - gap - 2 * ratio, bottom - top - 2 * ratio);
    } else context.fillRect(x, top, Math.max(1, wide - gap), bottom - top);
  }
}
