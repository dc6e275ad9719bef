/** What of a lane is drawn. */
import { describe, expect, it } from 'vitest';
import { drawn, firstAfter, isWide, type View } from '../../web/lanes/view.ts';
import { barsIn } from '../../web/lanes/wave.ts';

const view = (from: number, to: number, pxPerSecond: number): View => ({ from, to, pxPerSecond });
interface Span {
  readonly from: number;
  readonly to: number;
  readonly weight?: number;
}
const shown = (spans: readonly Span[], at: View): Span[] => drawn(spans, at, (span) => span);

describe('what is drawn', () => {
  it('is what is in sight, and what begins or ends at its edge', () => {
    const spans = Array.from({ length: 10_000 }, (_, at) => ({ from: at, to: at + 1 }));
    expect(shown(spans, view(100, 103, 50)).map(({ from }) => from)).toEqual([99, 100, 101, 102, 103]);
    expect(shown(spans, view(-5, 0, 50)).map(({ from }) => from)).toEqual([0]);
    expect(shown(spans, view(20_000, 20_001, 50))).toEqual([]);
    expect(shown([{ from: 0, to: 0 }], view(0, 1, 50))).toHaveLength(1);
  });

  it('is one of those that share a pixel: the one that matters', () => {
    const spans = Array.from({ length: 1_000 }, (_, at) => ({
      from: at / 1_000,
      to: (at + 1) / 1_000,
      weight: at === 507 ? 1 : 0,
    }));
    const few = shown(spans, view(0, 1, 10));
    expect(few).toHaveLength(10);
    expect(few.filter(({ weight }) => weight === 1)).toEqual([spans[507]]);
    expect(shown(spans, view(0, 1, 2_000))).toHaveLength(1_000);
  });

  it('never leaves out what is wider than a pixel', () => {
    const spans = [
      { from: 0, to: 0.01 },
      { from: 0.01, to: 5 },
      { from: 5, to: 5.01 },
      { from: 5.01, to: 5.02 },
    ];
    expect(shown(spans, view(0, 9, 10))).toEqual(spans.slice(0, 3));
  });

  it('has words that follow on what is wide only', () => {
    expect([isWide(0, 1, view(0, 10, 1)), isWide(0, 3, view(0, 10, 1))]).toEqual([false, true]);
  });
});

describe('a moment', () => {
  it('is found among items in order', () => {
    const ends = [1, 2, 2, 7];
    expect([0, 1, 1.5, 2, 6.9, 7].map((at) => firstAfter(ends, at, (end) => end))).toEqual([
      0, 1, 1, 3, 3, 4,
    ]);
    expect(firstAfter([], 1, Number)).toBe(0);
  });
});

describe('the bars of a wave', () => {
  const peaks = Array.from({ length: 1_000 }, (_, at) => (at === 333 ? 100 : at % 3));

  it('are the peaks where there is room', () => {
    expect(barsIn(peaks, view(0, 20, 100))).toEqual({ peaks, from: 0, secondsEach: 0.02 });
  });

  it('are as many as there are pixels, and leave out none that is loud', () => {
    const bars = barsIn(peaks, view(0, 20, 5));
    expect(bars).toMatchObject({ from: 0, secondsEach: 0.2 });
    expect(bars.peaks).toHaveLength(100);
    expect(bars.peaks[33]).toBe(100);
  });

  it('are those in sight, at the times where all of them stand', () => {
    const all = barsIn(peaks, view(0, 20, 5));
    const some = barsIn(peaks, view(6.5, 7.1, 5));
    expect(some.from).toBeCloseTo(6.4);
    expect(some.peaks).toEqual(all.peaks.slice(32, 36));
    expect(barsIn([], view(0, 20, 5)).peaks).toEqual([]);
  });
});
