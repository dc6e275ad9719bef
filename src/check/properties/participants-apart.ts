import { situation, together } from '../situations.ts';
import { audioKept } from './audio-kept.ts';
import type { Property } from './property.ts';

export const participantsApart = {
  name: 'participants are kept apart',
  hint: 'Several people talk at once: keep audio by data.data.participant.id.',
  needs: [audioKept.name],
  situations: together.map((scenario) => situation(scenario)),
} as const satisfies Property;
