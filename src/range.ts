/** From where to where a number of the user's may go, and what they are told when it does not. */
import { UsageError } from './errors.ts';

/** Both ends are included. */
export interface Range {
  readonly min: number;
  readonly max: number;
  readonly unit?: 's' | 'ms' | 'bytes';
  /** Whole numbers only. */
  readonly whole?: boolean;
}

/** Longer than any call, in seconds. */
export const DAY_SECONDS = 86_400;

/** How many people a meeting that we make may have, and how long it may last. */
export const PEOPLE: Range = { min: 1, max: 1_000, whole: true };
export const MEETING_SECONDS: Range = { min: 1, max: DAY_SECONDS, unit: 's' };

/** `name` is the option's, as the library has it. Throws a `UsageError` with this code. */
export function checkRange(code: string, name: string, value: number, range: Range): void {
  const { min, max, unit, whole = false } = range;
  if (!(value >= min && value <= max)) {
    throw new UsageError(code, `\`${name}\` is ${value}.`, {
      hint: `It goes from ${min} to ${max}${unit === undefined ? '' : ` ${unit}`}.`,
    });
  }
  if (whole && !Number.isInteger(value))
    throw new UsageError(code, `\`${name}\` is ${value}.`, { hint: 'Give a whole number.' });
}
