import fc from 'fast-check';
import { aloneOfAnyLength, situation } from '../situations.ts';
import { audioKept } from './audio-kept.ts';
import type { Property } from './property.ts';

export const frameSizes = {
  name: 'frames may have any size',
  hint: 'The length of a buffer is not documented: take as many samples as it has.',
  needs: [audioKept.name],
  situations: fc
    .record({
      scenario: aloneOfAnyLength,
      frameMs: fc.array(fc.integer({ min: 10, max: 400 }), { minLength: 1, maxLength: 3 }),
    })
    .map(({ scenario, frameMs }) => situation(scenario, { frameMs })),
} as const satisfies Property;
