import { situation, talkInTurn } from '../situations.ts';
import { participantsApart } from './participants-apart.ts';
import type { Property } from './property.ts';
import { silenceRestored } from './silence-restored.ts';

export const sharedConnection = {
  name: 'one shared connection works as well',
  hint: 'Newer documentation has one connection for all participants: keep state by recording and participant, not by socket.',
  needs: [participantsApart.name, silenceRestored.name],
  situations: talkInTurn.map((scenario) => situation(scenario, { mode: 'per-endpoint' })),
} as const satisfies Property;
