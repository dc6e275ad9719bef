import fc from 'fast-check';
import { alone, situation } from '../situations.ts';
import { audioKept } from './audio-kept.ts';
import type { Property } from './property.ts';

export const timestamps = {
  name: 'audio stands where its timestamp says, whenever it arrives',
  hint: 'Go by timestamp.relative. Messages may be held up by seconds and then come at once; the clock says nothing about where audio belongs.',
  needs: [audioKept.name],
  situations: fc
    .record({
      scenario: alone,
      delaysMs: fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 5 }),
    })
    .map(({ scenario, delaysMs }) => situation(scenario, { delaysMs })),
} as const satisfies Property;
