import { comesBack, situation } from '../situations.ts';
import { audioKept } from './audio-kept.ts';
import type { Property } from './property.ts';

export const unmutesAgain = {
  name: 'a participant who unmutes again goes on',
  hint: 'A mute closes the connection, and the next unmute opens another one: the participant and their audio are the same.',
  needs: [audioKept.name],
  situations: comesBack.map((scenario) => situation(scenario)),
} as const satisfies Property;
