/** How the options of faults are written: numbers, or text with a unit. Each says what it takes when it does not take something. */
import { z } from 'zod';
import { parseDuration } from '../../scenario/duration.ts';

const written = z.union([z.number(), z.string()], { error: 'a number, or text with a unit, is expected' });

/** Reads what is written with `read`; undefined is told as `expected`. */
function unit(expected: string, read: (value: number | string) => number | undefined) {
  return written.transform((value, context): number => {
    const result = read(value);
    if (result !== undefined && Number.isFinite(result)) return result;
    context.addIssue({ code: 'custom', message: `${expected} is expected` });
    return z.NEVER;
  });
}

const DAY_MS = 86_400_000;
const NUMBER = /^-?\d+(\.\d+)?$/;

/** Seconds, or text such as 250ms or 1m20s; in milliseconds. `min` in seconds. */
export function seconds({ min = 0 }: { readonly min?: number } = {}) {
  return unit(`a time from ${min}s to 24h, in seconds or such as 250ms,`, (value) => {
    const parsed = parseDuration(value);
    return parsed === undefined || parsed < min || parsed * 1_000 > DAY_MS ? undefined : parsed * 1_000;
  });
}

/** Milliseconds, or text such as 200ms or 1.5s; in milliseconds. With `signed` it may be negative. */
export function milliseconds({ max, signed = false }: { readonly max: number; readonly signed?: boolean }) {
  const range = signed ? `from -${max} to ${max}` : `from 0 to ${max}`;
  return unit(`a time ${range} ms, as a number or such as 200ms,`, (value) => {
    const text = String(value).trim();
    const negative = text.startsWith('-');
    const size = negative ? text.slice(1) : text;
    const parsed = NUMBER.test(size) ? Number(size) / 1_000 : parseDuration(size);
    if (parsed === undefined || parsed * 1_000 > max || (negative && !signed)) return undefined;
    return negative ? -parsed * 1_000 : parsed * 1_000;
  });
}

/** A part of all, 0 to 1 or `max`, or text such as 1%. */
export function share({ max = 1 }: { readonly max?: number } = {}) {
  return unit(`a part from 0 to ${max}, or such as 1%,`, (value) => {
    const text = String(value).trim();
    const part = text.endsWith('%') ? numberOf(text.slice(0, -1)) / 100 : numberOf(text);
    return part >= 0 && part <= max ? part : undefined;
  });
}

export function count({ min, max }: { readonly min: number; readonly max: number }) {
  return unit(`a whole number from ${min} to ${max}`, (value) => {
    const number = numberOf(String(value).trim());
    return Number.isInteger(number) && number >= min && number <= max ? number : undefined;
  });
}

/** Bytes, or text such as 64k or 1M. */
export function bytes({ min, max }: { readonly min: number; readonly max: number }) {
  return unit(`a number of bytes from ${min} to ${max}, such as 64k,`, (value) => {
    const match = /^(\d+(?:\.\d+)?)\s*([kKmM])?$/.exec(String(value).trim());
    if (match === null) return undefined;
    const factor = match[2] === undefined ? 1 : match[2].toLowerCase() === 'k' ? 1_024 : 1_024 ** 2;
    const number = Math.round(Number(match[1]) * factor);
    return number >= min && number <= max ? number : undefined;
  });
}

function numberOf(text: string): number {
  return NUMBER.test(text) ? Number(text) : Number.NaN;
}
