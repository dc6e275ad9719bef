import { alone, ONE_FRAME, situation } from '../situations.ts';
import type { Property } from './property.ts';

export const audioKept = {
  name: "one participant's audio is kept",
  hint: 'The simplest meeting: one person, one connection, frame after frame. Decode the base64 of data.data.buffer and keep all of it.',
  needs: [],
  situations: alone.map((scenario) => situation(scenario)),
  examples: [situation(ONE_FRAME)],
} as const satisfies Property;
