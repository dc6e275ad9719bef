/** The arithmetic of the lanes. */
import { describe, expect, it } from 'vitest';
import { personAt } from '../../web/lanes/people.ts';
import { rowsOf } from '../../web/lanes/rows.ts';
import { place, spanText, ticksOf, timeText } from '../../web/lanes/time.ts';

describe('an axis', () => {
  it('has round ticks that have room', () => {
    expect(ticksOf(3, 400)).toEqual([0, 1, 2, 3]);
    expect(ticksOf(0.5, 1_000)).toEqual([0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5]);
    for (const [duration, width] of [
      [7, 320],
      [60, 64_000],
      [86_400, 900],
      [0, 500],
      [5, 0],
    ] as const) {
      const ticks = ticksOf(duration, width);
      expect(ticks[0]).toBe(0);
      expect(ticks.at(-1)!).toBeLessThanOrEqual(duration);
      expect(ticks.length).toBeLessThanOrEqual(1 + Math.max(1, width / 36));
    }
  });

  it('writes times', () => {
    expect([0, 3.2, 3.256, 59.999, 63.2, 3_600].map((each) => timeText(each))).toEqual([
      '0 s',
      '3.2 s',
      '3.26 s',
      '1:00',
      '1:03.2',
      '60:00',
    ]);
    expect(spanText(3.1, 4.6)).toBe('3.1–4.6 s');
    expect(spanText(58, 63)).toBe('58 s–1:03');
  });

  it('places what sticks out at its edges', () => {
    expect(place(1, 2, 4)).toEqual({ left: '25%', width: '25%' });
    expect(place(-1, 9, 4)).toEqual({ left: '0%', width: '100%' });
    expect(place(3, 2, 4)).toEqual({ left: '75%', width: '0%' });
    expect(place(1, 2, 0)).toEqual({ left: '0%', width: '0%' });
  });
});

describe('bars', () => {
  it('share a row unless they overlap', () => {
    const bar = (from: number, to: number) => ({ from, to });
    expect(rowsOf([bar(4, 5), bar(0, 2), bar(2, 3), bar(1, 4)])).toEqual([
      [bar(0, 2), bar(2, 3), bar(4, 5)],
      [bar(1, 4)],
    ]);
    expect(rowsOf([])).toEqual([]);
  });
});

describe('people', () => {
  it('have a letter each, and numbers when letters end', () => {
    const letters = [0, 25, 26, 49].map((index) => personAt(index, { id: index, name: null }).letter);
    expect(letters).toEqual(['A', 'Z', '27', '50']);
  });
});
