/**
 * Timestamps of real-time events: `relative` in seconds since the recording started, `absolute` in ISO 8601. Both come
 * from sample positions, never from a wall clock.
 */
import { z } from 'zod';
import { SAMPLE_RATE } from './pcm.ts';

export { ABSOLUTE_FORMATS, type AbsoluteFormat, formatAbsolute } from './absolute.ts';

export const absoluteSchema = z
  .string()
  .refine((text) => parseAbsolute(text) !== undefined, { error: 'not an ISO 8601 date and time' })
  .describe('ISO 8601 date and time');

export const timestampSchema = z.looseObject({
  relative: z.number().nonnegative().describe('Seconds since the recording started'),
  absolute: absoluteSchema,
});

export interface Timestamp {
  readonly relative: number;
  readonly absolute: string;
}

/** Seconds since the recording started of a sample position at 16 kHz. */
export function relativeSeconds(sample: number): number {
  return sample / SAMPLE_RATE;
}

/** Microseconds since the recording started of a sample position, rounded: a sample lasts 62.5 µs. */
export function sampleToMicros(sample: number): number {
  return Math.round((sample * 1_000_000) / SAMPLE_RATE);
}

const MICROS_PER_SECOND = 1_000_000;

const ABSOLUTE = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:?\d{2})?$/;

/** Microseconds since the epoch of an ISO 8601 date and time (UTC when it has no offset), or undefined if it is none. */
export function parseAbsolute(text: string): number | undefined {
  const match = ABSOLUTE.exec(text);
  if (match === null) return undefined;
  const [, date, clock, fraction = '', offset = 'Z'] = match;
  const zone = offset === 'Z' || offset.includes(':') ? offset : `${offset.slice(0, 3)}:${offset.slice(3)}`;
  const seconds = Date.parse(`${date}T${clock}${zone}`) / 1_000;
  if (Number.isNaN(seconds)) return undefined;
  return seconds * MICROS_PER_SECOND + Number(fraction.padEnd(6, '0').slice(0, 6));
}
