import fc from 'fast-check';
import type { Defect } from '../../emulator/spoilers.ts';
import { malformation } from '../disturbances.ts';
import { alone, situation } from '../situations.ts';
import { spoilerArb } from '../spoilers.ts';
import { audioKept } from './audio-kept.ts';
import type { Property } from './property.ts';

/** Defects that no receiver can make sense of. */
const UNUSABLE: readonly Defect[] = [
  'not_json',
  'not_an_object',
  'missing_field',
  'wrong_type',
  'bad_base64',
];

export const malformedMessage = {
  name: 'a malformed message breaks nothing else',
  hint: 'Check a message before you use it, and go on without it.',
  needs: [audioKept.name],
  situations: fc
    .record({ scenario: alone, at: fc.nat(8), spoiler: spoilerArb(UNUSABLE) })
    .map(({ scenario, at, spoiler }) => situation(scenario, { disturbance: malformation(at, spoiler) })),
} as const satisfies Property;
