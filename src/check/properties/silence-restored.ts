import { isMuted, situation } from '../situations.ts';
import type { Property } from './property.ts';
import { unmutesAgain } from './unmutes-again.ts';

export const silenceRestored = {
  name: 'the silence of mutes is restored',
  hint: 'Nothing is sent while somebody is muted: fill up to timestamp.relative with silence before you append.',
  needs: [unmutesAgain.name],
  situations: isMuted.map((scenario) => situation(scenario)),
} as const satisfies Property;
