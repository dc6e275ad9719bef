/** What holds for a load test when an option is left out, and how many bots it may have. */
import type { Range } from '../range.ts';

export const LOAD_DEFAULTS = {
  bots: 10,
  participants: 4,
  durationSeconds: 60,
  seed: 1,
  pingEverySeconds: 5,
  maxBots: 10_000,
} as const;

/** More bots than a machine has ports for. */
export const BOTS: Range = { min: 1, max: 100_000, whole: true };
