import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Mixer } from '../../src/emulator/mixer.ts';

describe('the mix', () => {
  it('is the saturated sum of all, however it is added and read', () => {
    const pieceArb = fc.record({
      start: fc.integer({ min: 0, max: 300 }),
      pcm: fc.int16Array({ minLength: 1, maxLength: 100 }),
    });
    fc.assert(
      fc.property(
        fc.array(pieceArb, { maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }),
        (pieces, sizes) => {
          const mixer = new Mixer(400);
          const expected = new Float64Array(400);
          for (const { start, pcm } of pieces) {
            expect(mixer.add(start, pcm)).toBe(0);
            for (const [index, sample] of pcm.entries()) expected[start + index]! += sample;
          }
          const read: number[] = [];
          for (let turn = 0; read.length < 400; turn++) {
            const frame = new Int16Array(Math.min(sizes[turn % sizes.length]!, 400 - read.length));
            mixer.read(frame);
            read.push(...frame);
          }
          expect(read).toEqual(Array.from(expected, (sum) => Math.max(-32_768, Math.min(32_767, sum))));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('leaves out what comes too late or too early, and says how much', () => {
    const mixer = new Mixer(10);
    mixer.read(new Int16Array(5));
    expect(mixer.add(0, new Int16Array(8).fill(7))).toBe(5);
    expect(mixer.add(14, new Int16Array(8).fill(7))).toBe(7);
    const frame = new Int16Array(4);
    mixer.read(frame);
    expect([...frame]).toEqual([7, 7, 7, 0]);
  });
});
