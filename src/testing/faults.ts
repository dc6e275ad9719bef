/** Faults as arbitraries: one thing that goes wrong on purpose, as `play`'s option `faults` takes it. */
import fc from 'fast-check';
import { FAULTS } from '../emulator/faults/index.ts';

export interface FaultConstraints {
  /** Those that may come, by name; all when left out. */
  readonly names?: readonly string[];
  /** It begins before this; default 10. */
  readonly maxSeconds?: number;
}

/** A line such as `latency=200ms±50ms@1.2s-3.4s`. Throws an `Error` for a name that is no fault's. */
export function faultArb({ names, maxSeconds = 10 }: FaultConstraints = {}): fc.Arbitrary<string> {
  const known = FAULTS.map(({ name }) => name);
  const unknown = names?.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`"${unknown}" is no fault; there are ${known.join(', ')}`);
  const kinds = FAULTS.filter(({ name }) => names === undefined || names.includes(name));
  const tenths = Math.max(1, Math.floor(maxSeconds * 10));
  return fc
    .record({
      kind: fc.constantFrom(...kinds),
      example: fc.nat(9),
      at: fc.nat({ max: tenths - 1 }),
      length: fc.integer({ min: 1, max: tenths }),
    })
    .map(({ kind, example, at, length }) => {
      const { examples, instant } = kind;
      // The options of an example, at a time of its own.
      const [what = ''] = examples[example % examples.length]!.replace(/,for=\w+/, '').split('@');
      const until = instant === true ? '' : `-${(at + length) / 10}`;
      return `${what}@${at / 10}${until}`;
    });
}
