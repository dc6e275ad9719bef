import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pcmSource } from '../../src/audio/source.ts';
import { FrameCursor, frameSamples } from '../../src/emulator/frames.ts';
import type { StreamPlan } from '../../src/scenario/timeline.ts';

/** A stream of segments that touch or leave gaps; sample n of the meeting has the value n mod 2^15. */
const planArb: fc.Arbitrary<StreamPlan> = fc
  .record({
    start: fc.nat(5_000),
    parts: fc.array(
      fc.record({ gap: fc.constantFrom(0, 0, 1, 700), length: fc.integer({ min: 1, max: 6_000 }) }),
      {
        maxLength: 8,
      },
    ),
    inMemory: fc.boolean(),
  })
  .map(({ start, parts, inMemory }) => {
    let position = start;
    const segments = parts.map(({ gap, length }) => {
      const startSample = position + gap;
      position = startSample + length;
      const whole = pcmSource(Int16Array.from({ length }, (_, index) => (startSample + index) % 32_768));
      const source = inMemory ? whole : { samples: length, open: () => whole.open() };
      return { startSample, endSample: position, kind: 'speech' as const, source };
    });
    return {
      participant: 0,
      startSample: start,
      endSample: position,
      segments,
      framing: 'by_duration' as const,
    };
  });

const sizesArb = fc.array(fc.integer({ min: 160, max: 4_000 }), { minLength: 1, maxLength: 3 });

describe('frames', () => {
  it('hold every sample of the stream once, in order, at its position', () => {
    fc.assert(
      fc.property(planArb, sizesArb, (plan, sizes) => {
        const seen: number[] = [];
        const cursor = new FrameCursor(plan, sizes);
        for (; !cursor.done; cursor.advance()) {
          const pcm = cursor.read();
          expect(pcm.length).toBe(cursor.samples);
          expect(pcm.length).toBeGreaterThan(0);
          for (let index = 0; index < pcm.length; index++) {
            const position = cursor.startSample + index;
            if (pcm[index] !== position % 32_768) expect.fail(`sample ${position} is ${pcm[index]}`);
            seen.push(position);
          }
        }
        const expected = plan.segments.flatMap(({ startSample, endSample }) =>
          Array.from({ length: endSample - startSample }, (_, index) => startSample + index),
        );
        expect(seen.length).toBe(expected.length);
        expect(seen.findIndex((position, index) => position !== expected[index])).toBe(-1);
      }),
      { numRuns: 200 },
    );
  });

  it('are as long as was asked for, in turn; only the last before a gap or the mute is shorter', () => {
    fc.assert(
      fc.property(planArb, sizesArb, (plan, sizes) => {
        const cursor = new FrameCursor(plan, sizes);
        for (let index = 0; !cursor.done; index++, cursor.advance()) {
          const end = cursor.startSample + cursor.samples;
          const touches =
            plan.segments.some(({ startSample, endSample }) => startSample < end && endSample > end) ||
            plan.segments.some(({ startSample }) => startSample === end);
          if (touches) expect(cursor.samples).toBe(sizes[index % sizes.length]);
          else expect(cursor.samples).toBeLessThanOrEqual(sizes[index % sizes.length]!);
          cursor.read();
        }
      }),
      { numRuns: 200 },
    );
  });

  it('are 10 to 1000 ms long', () => {
    expect(frameSamples([20, 100])).toEqual([320, 1_600]);
    for (const wrong of [[], [9], [1_001], [Number.NaN]]) expect(() => frameSamples(wrong)).toThrow(/frame/i);
  });
});
