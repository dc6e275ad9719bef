/** Receivers with one mistake each, and what it costs them: one case, or those that no receiver can tell apart. */
import { BASIC } from './basic.ts';
import { FRAMES } from './frames.ts';
import type { Mistake } from './mistake.ts';
import { MUTE } from './mute.ts';
import { NAMES } from './names.ts';

export const MISTAKES: readonly Mistake[] = [...BASIC, ...MUTE, ...NAMES, ...FRAMES];
