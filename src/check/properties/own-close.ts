import { leaveOneByOne, situation } from '../situations.ts';
import { participantsApart } from './participants-apart.ts';
import type { Property } from './property.ts';

export const ownClose = {
  name: 'a close ends its own stream only',
  hint: 'Each unmuted participant has a connection of their own: what ends with it is theirs, not the recording.',
  needs: [participantsApart.name],
  situations: leaveOneByOne.map((scenario) => situation(scenario)),
} as const satisfies Property;
