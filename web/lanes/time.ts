/** Seconds on the axis of a meeting: how they are written, and where the ticks stand. */

const STEPS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600];
const MIN_TICK_PX = 72;

/** `3.2 s`, `3.25 s`; with minutes from 60 s on: `1:03.2`. */
export function timeText(seconds: number, digits = 2): string {
  const rounded = Number(seconds.toFixed(digits));
  if (rounded < 60) return `${rounded} s`;
  const minutes = Math.floor(rounded / 60);
  const rest = Number((rounded - minutes * 60).toFixed(digits));
  return `${minutes}:${rest < 10 ? '0' : ''}${rest}`;
}

/** `3.1–4.6 s`. */
export function spanText(from: number, to: number): string {
  return to < 60 ? `${timeText(from).slice(0, -2)}–${timeText(to)}` : `${timeText(from)}–${timeText(to)}`;
}

/** Round times between 0 and `duration` that have room for their labels on an axis of `width` pixels. */
export function ticksOf(duration: number, width: number): number[] {
  if (!(duration > 0) || !(width > 0)) return [0];
  const room = (duration * MIN_TICK_PX) / width;
  const step = STEPS.find((each) => each >= room) ?? STEPS.at(-1)!;
  const count = Math.floor(duration / step + 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toFixed(2)));
}

/** Where something stands on an axis, for CSS. */
export function place(from: number, to: number, duration: number): { left: string; width: string } {
  const start = Math.min(Math.max(from, 0), duration);
  const end = Math.min(Math.max(to, start), duration);
  return { left: percent(start, duration), width: percent(end - start, duration) };
}

export function percent(seconds: number, duration: number): string {
  return `${duration > 0 ? Number(((seconds / duration) * 100).toFixed(6)) : 0}%`;
}
