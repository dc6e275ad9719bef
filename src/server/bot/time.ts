/** The mock's calendar: what day it is when the clock (real, scaled or virtual) stands where it stands. */
import type { Clock } from '../../emulator/clock.ts';
import { formatAbsolute } from '../../protocol/timestamp.ts';

export interface Calendar {
  /** Milliseconds since the epoch, on the emulator's clock. */
  nowMs(): number;
  /** As REST answers have it: milliseconds and `Z`. */
  now(): string;
  /** As webhooks have it: microseconds and `+00:00`. */
  nowInEvents(): string;
  /** The clock's time of a date. */
  clockMsOf(epochMs: number): number;
}

export function calendar(clock: Clock, startTime: Date): Calendar {
  const startMs = startTime.getTime() - clock.now();
  const nowMs = (): number => startMs + clock.now();
  return {
    nowMs,
    now: () => new Date(nowMs()).toISOString(),
    nowInEvents: () => formatAbsolute(Math.round(nowMs() * 1_000)),
    clockMsOf: (epochMs) => epochMs - startMs,
  };
}
