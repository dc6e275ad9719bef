/** Reads option values; what is wrong with one is told by the option's name. */
import { InvalidArgumentError } from 'commander';
import { isSpeed } from '../emulator/options.ts';
import { parseJson } from '../json.ts';
import { parseDuration } from '../scenario/duration.ts';

/** `8m`, `3s`, `100ms` or a number of seconds, in seconds. */
export function seconds(text: string): number {
  const value = parseDuration(text);
  if (value === undefined)
    throw new InvalidArgumentError('Give a time such as 3s, 1m20s, 250ms or a number of seconds.');
  return value;
}

export function integer(text: string): number {
  const value = Number(text);
  if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(value))
    throw new InvalidArgumentError('Give a whole number.');
  return value;
}

export function port(text: string): number {
  const value = integer(text);
  if (value < 0 || value > 65_535) throw new InvalidArgumentError('Ports go from 0 (any free one) to 65535.');
  return value;
}

/** `1048576`, `512k`, `1M`, in bytes. */
export function bytes(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(k|kib|m|mib)?b?$/i.exec(text);
  if (match === null) throw new InvalidArgumentError('Give a number of bytes, such as 1048576, 512k or 1M.');
  const unit = (match[2] ?? '').toLowerCase()[0];
  return Math.round(Number(match[1]) * (unit === 'm' ? 1024 ** 2 : unit === 'k' ? 1024 : 1));
}

/** `100` or `20,100`, in milliseconds. */
export function frameMs(text: string): number[] {
  const sizes = text.split(',').map((part) => Number(part.trim().replace(/ms$/, '') || Number.NaN));
  if (sizes.some((size) => !(size >= 10 && size <= 1_000))) {
    throw new InvalidArgumentError('Give frame lengths from 10 to 1000 ms, such as 100 or 20,100.');
  }
  return sizes;
}

/** One length, in milliseconds. */
export function oneFrameMs(text: string): number {
  const [size, ...others] = frameMs(text);
  if (size === undefined || others.length > 0)
    throw new InvalidArgumentError('Give one frame length from 10 to 1000 ms, such as 200.');
  return size;
}

export function speed(text: string): number | 'max' {
  if (text === 'max') return 'max';
  const value = Number(text.replace(/x$/, ''));
  if (text === '' || !isSpeed(value))
    throw new InvalidArgumentError('Give a number above 0 and up to 1000, or max.');
  return value;
}

/** `name: value`, collected over repeats. */
export function header(text: string, previous: Record<string, string> = {}): Record<string, string> {
  const colon = text.indexOf(':');
  const name = text.slice(0, Math.max(0, colon)).trim();
  const value = text.slice(colon + 1).trim();
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) {
    throw new InvalidArgumentError("Give 'name: value', such as 'Authorization: Bearer abc'.");
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0000-\u0008\u000a-\u001f\u007f]|[^\u0000-\u00ff]/.test(value)) {
    throw new InvalidArgumentError(`The value of ${name} has a character that a header cannot have.`);
  }
  return { ...previous, [name]: value };
}

/** An ISO 8601 time. */
export function time(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime()))
    throw new InvalidArgumentError('Give an ISO 8601 time, such as 2026-01-29T10:00:00Z.');
  return date;
}

/** `a,b`, collected over repeats. */
export function names(text: string, previous: string[] = []): string[] {
  return [...previous, ...text.split(',').map((name) => name.trim())];
}

/** `key=value`, collected over repeats. */
export function metadata(text: string, previous: Record<string, string> = {}): Record<string, string> {
  const equals = text.indexOf('=');
  if (equals < 1) throw new InvalidArgumentError('Give key=value, such as team=blue.');
  return { ...previous, [text.slice(0, equals)]: text.slice(equals + 1) };
}

/** `path=value`, collected over repeats. The value is JSON, or text where it is none. */
export function override(text: string, previous: Record<string, unknown> = {}): Record<string, unknown> {
  const equals = text.indexOf('=');
  if (equals < 1) throw new InvalidArgumentError('Give path=value, such as data.data.sub_code=timeout.');
  const value = text.slice(equals + 1);
  const json = parseJson(value);
  return { ...previous, [text.slice(0, equals)]: json.ok ? json.value : value };
}

/** Collects the values of an option that repeats. */
export function list(text: string, previous: string[] = []): string[] {
  return [...previous, text];
}

const DELAY_NAMES: Readonly<Record<string, string>> = {
  joining_call: 'joiningSeconds',
  in_waiting_room: 'waitingRoomSeconds',
  in_call_not_recording: 'notRecordingSeconds',
  recording_permission: 'permissionSeconds',
  done: 'doneSeconds',
};

/** `in_waiting_room=5s`, collected over repeats. */
export function delay(text: string, previous: Record<string, number> = {}): Record<string, number> {
  const [status = '', time = ''] = text.split('=');
  const name = DELAY_NAMES[status];
  if (name === undefined)
    throw new InvalidArgumentError(
      `Give status=time; the statuses are ${Object.keys(DELAY_NAMES).join(', ')}.`,
    );
  return { ...previous, [name]: seconds(time) };
}

/** `from=to`, collected over repeats. */
export function mapping(text: string, previous: Record<string, string> = {}): Record<string, string> {
  const [from = '', to = ''] = text.split(/=(?=\w+:\/\/)/);
  if (from === '' || to === '')
    throw new InvalidArgumentError('Give from=to, such as wss://my.ngrok.app=ws://127.0.0.1:4000.');
  return { ...previous, [from]: to };
}

/** A number of threads; undefined for `auto`. */
export function workers(text: string): number | undefined {
  return text === 'auto' ? undefined : integer(text);
}
