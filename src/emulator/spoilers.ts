/** Ways to spoil a good message: each gives it exactly one defect, which it names. Pure; who chooses is somewhere else. */
import type { AudioSeparateRawData } from '../protocol/audio-separate.ts';

export const DEFECTS = [
  'not_json',
  'not_an_object',
  'missing_field',
  'wrong_type',
  'bad_base64',
  'odd_byte_count',
  'negative_timestamp',
  'bad_absolute',
  'wrong_order',
] as const;
export type Defect = (typeof DEFECTS)[number];

/** One way to give a good message one defect. */
export interface Spoiler {
  readonly defect: Defect;
  readonly description: string;
  /** The spoiled message is the last one. */
  spoil(good: AudioSeparateRawData): readonly string[];
}

/** Fields that no receiver can do without. */
export const SPOILED_PATHS = [
  'data',
  'data.data',
  'data.data.buffer',
  'data.data.timestamp',
  'data.data.participant',
  'data.data.participant.id',
  'data.recording',
] as const;

const SPOILERS: Readonly<Record<Defect, (path: string, wrong: unknown) => Omit<Spoiler, 'defect'>>> = {
  not_json: () => ({
    description: 'the text ends in the middle',
    spoil: (good) => [JSON.stringify(good).slice(0, -2)],
  }),
  not_an_object: () => ({ description: 'the message is an array', spoil: () => ['[]'] }),
  missing_field: (path) => changed(`${path} is missing`, path, undefined),
  wrong_type: (path, wrong) => {
    const value = isRight(path, wrong) ? (typeof wrong === 'string' ? 7 : 'text') : wrong;
    return changed(`${path} is ${JSON.stringify(value)}`, path, value);
  },
  bad_base64: () => changed('the buffer is not base64', 'data.data.buffer', '@@@='),
  odd_byte_count: () => changed('the buffer has three bytes', 'data.data.buffer', 'AAAA'),
  negative_timestamp: () => changed('relative is -1', 'data.data.timestamp.relative', -1),
  bad_absolute: () => changed('absolute is no date', 'data.data.timestamp.absolute', 'yesterday'),
  wrong_order: () => ({
    description: 'the second message is older than the first, of the same participant',
    spoil: (good) => {
      const later = good.data.data.timestamp.relative + 10;
      return [textWith(good, 'data.data.timestamp.relative', later), JSON.stringify(good)];
    },
  }),
};

/**
 * `path` is the field that is missing or wrong, for the defects that have one, and `wrong` what stands there instead: another
 * value is taken where that would be right.
 */
export function spoilerOf(defect: Defect, path: string, wrong: unknown): Spoiler {
  return { defect, ...SPOILERS[defect](path, wrong) };
}

/** Buffers are text, and ids are numbers. */
function isRight(path: string, value: unknown): boolean {
  return path === 'data.data.buffer' ? typeof value === 'string' : path.endsWith('.id') && value === 7;
}

function changed(description: string, path: string, value: unknown): Omit<Spoiler, 'defect'> {
  return { description, spoil: (good) => [textWith(good, path, value)] };
}

/** The message with another value at this path, or without it when the value is undefined. */
function textWith(message: AudioSeparateRawData, path: string, value: unknown): string {
  return JSON.stringify(replaced(message, path.split('.'), value));
}

function replaced(node: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  const copy = { ...(node as Record<string, unknown>) };
  const next = replaced(copy[key], rest, value);
  if (next === undefined) delete copy[key];
  else copy[key] = next;
  return copy;
}
