import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type FrameRow,
  FrameWriter,
  IntegerReader,
  IntegerWriter,
  OUTCOMES,
  readFrames,
} from '../../src/trace/columns.ts';

const row: fc.Arbitrary<FrameRow> = fc.record({
  account: fc.nat(500),
  startSample: fc.nat(24 * 3_600 * 16_000),
  samples: fc.nat(16_000),
  outcome: fc.nat(OUTCOMES.length - 1),
  atTenths: fc.integer({ min: -100_000, max: 24 * 3_600 * 10_000 }),
});

function rowsOf(takes: readonly Uint8Array[]): FrameRow[] {
  const read = readFrames(takes);
  return Array.from({ length: read.count }, (_, at) => ({
    account: read.account[at]!,
    startSample: read.startSample[at]!,
    samples: read.samples[at]!,
    outcome: read.outcome[at]!,
    atTenths: read.atTenths[at]!,
  }));
}

describe('frames as columns', () => {
  it('are read as they were written, in however many pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.array(row, { maxLength: 40 }), { maxLength: 5 }), (pieces) => {
        const writer = new FrameWriter();
        const takes = pieces.map((rows) => {
          for (const each of rows) writer.add(each);
          expect(writer.count).toBe(rows.length);
          return writer.take();
        });
        expect(rowsOf(takes)).toEqual(pieces.flat());
      }),
    );
  });

  it('take about a byte a column when one frame follows the other', () => {
    const writer = new FrameWriter();
    for (let at = 0; at < 1_000; at++)
      writer.add({
        account: 1,
        startSample: at * 1_600,
        samples: 1_600,
        outcome: 0,
        atTenths: (at + 1) * 1_000 + 4,
      });
    expect(writer.take().length).toBeLessThan(5_050);
  });

  it('are no endless reading when the bytes end too early', () => {
    const writer = new FrameWriter();
    writer.add({ account: 0, startSample: 0, samples: 1_600, outcome: 0, atTenths: 0 });
    expect(() => readFrames([writer.take().subarray(0, 4)])).toThrow(RangeError);
  });
});

it('integers of any size and sign are read as they were written', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -(2 ** 52), max: 2 ** 52 })), (numbers) => {
      const writer = new IntegerWriter();
      for (const number of numbers) writer.push(number);
      const reader = new IntegerReader(writer.take());
      expect(numbers.map(() => reader.next())).toEqual(numbers);
    }),
  );
});
