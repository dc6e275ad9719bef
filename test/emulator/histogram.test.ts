import { describe, expect, it } from 'vitest';
import { Histogram } from '../../src/emulator/histogram.ts';

function of(...values: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const ms of values) histogram.record(ms);
  return histogram;
}

describe('a histogram', () => {
  it('of nothing is zero', () => {
    expect(of().summary()).toEqual({ p50: 0, p99: 0, max: 0 });
    expect(of().percentile(99)).toBe(0);
    expect(of().count).toBe(0);
  });

  it('is told in milliseconds, to two digits', () => {
    const { p50, p99, max } = of(...Array.from({ length: 100 }, (_, index) => index + 1)).summary();
    expect(p50).toBeCloseTo(50, -1);
    expect(Math.abs(p50 - 50)).toBeLessThan(1);
    expect(Math.abs(p99 - 99)).toBeLessThan(1.1);
    expect(Math.abs(max - 100)).toBeLessThan(1);
  });

  it('takes what is early as in time', () => {
    expect(of(-5, -0.1).summary()).toEqual({ p50: 0, p99: 0, max: 0 });
    expect(of(-5).count).toBe(1);
  });

  it('keeps microseconds', () => {
    expect(of(0.25).summary().max).toBeCloseTo(0.25, 2);
    expect(of(0.0004).summary().max).toBe(0);
    expect(of(0.0006).summary().max).toBe(0.001);
  });

  it('grows with what it sees', () => {
    expect(Math.abs(of(1, 3_600_000).summary().max - 3_600_000)).toBeLessThan(36_000);
  });

  it('has no percentile above the largest value there was', () => {
    const histogram = of(101.3);
    expect(histogram.percentile(50)).toBeLessThanOrEqual(histogram.summary().max);
    expect(histogram.percentile(99)).toBeLessThanOrEqual(histogram.summary().max);
  });

  it('adds up, also as text from another thread, and begins anew', () => {
    const sum = of(1, 2);
    sum.add(of(3));
    sum.addEncoded(of(4, 500).encode());
    expect(sum.count).toBe(5);
    expect(Math.abs(sum.percentile(50) - 3)).toBeLessThan(0.1);
    expect(Math.abs(sum.summary().max - 500)).toBeLessThan(5);
    sum.reset();
    expect(sum.count).toBe(0);
    expect(sum.summary()).toEqual({ p50: 0, p99: 0, max: 0 });
  });
});
