import fc from 'fast-check';
import { repetition } from '../disturbances.ts';
import { alone, situation } from '../situations.ts';
import { audioKept } from './audio-kept.ts';
import type { Property } from './property.ts';

export const repeatedMessage = {
  name: 'a message that comes twice counts once',
  hint: 'Put audio at its position instead of appending it; what is there already stays.',
  needs: [audioKept.name],
  situations: fc
    .record({ scenario: alone, every: fc.integer({ min: 1, max: 5 }) })
    .map(({ scenario, every }) => situation(scenario, { disturbance: repetition(every) })),
} as const satisfies Property;
