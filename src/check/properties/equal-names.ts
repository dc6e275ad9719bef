import fc from 'fast-check';
import { renamed, situation, together } from '../situations.ts';
import { participantsApart } from './participants-apart.ts';
import type { Property } from './property.ts';

export const equalNames = {
  name: 'people of the same name are told apart',
  hint: 'Key by participant.id: names may be equal, null, or change.',
  needs: [participantsApart.name],
  situations: fc
    .record({ scenario: together, name: fc.constantFrom('Ada', null) })
    .map(({ scenario, name }) => situation(renamed(scenario, name))),
} as const satisfies Property;
