/** Times as people write them: seconds, or `1m20s`. */
import { SAMPLE_RATE } from '../protocol/pcm.ts';

const UNITS = /^(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?$/;

/** Seconds of a number of seconds (`12.5`, `"12.5"`) or of `1h2m3s`, `1m20s`, `90s`, `250ms`; undefined for anything else. */
export function parseDuration(value: string | number): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? value : undefined;
  const text = value.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  const match = text === '' ? null : UNITS.exec(text);
  if (match === null) return undefined;
  const [hours = 0, minutes = 0, seconds = 0, millis = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return hours * 3_600 + minutes * 60 + seconds + millis / 1_000;
}

/** The sample position of a time that has passed the schema. */
export function toSamples(time: string | number): number {
  return Math.round((parseDuration(time) ?? 0) * SAMPLE_RATE);
}
