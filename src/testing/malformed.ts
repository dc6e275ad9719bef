/** Messages that cannot be: each has exactly one defect, which it names. */
import fc from 'fast-check';
import type { AudioSeparateRawData } from '../protocol/audio-separate.ts';
import { audioSeparateRawArb } from './arbitraries.ts';

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

/** Messages of which the last has exactly one defect; what comes before is good. */
export interface MalformedMessages {
  readonly defect: Defect;
  /** What is wrong with the last message, in words. */
  readonly description: string;
  readonly messages: readonly string[];
}

/** One way to give a good message one defect. */
export interface Spoiler {
  readonly defect: Defect;
  readonly description: string;
  /** The spoiled message is the last one. */
  spoil(good: AudioSeparateRawData): readonly string[];
}

/** One labelled defect each. All kinds, or those that are named. */
export function malformedEventArb(defects: readonly Defect[] = DEFECTS): fc.Arbitrary<MalformedMessages> {
  return fc
    .tuple(audioSeparateRawArb(), spoilerArb(defects))
    .map(([good, { defect, description, spoil }]) => ({ defect, description, messages: spoil(good) }));
}

export function spoilerArb(defects: readonly Defect[]): fc.Arbitrary<Spoiler> {
  return fc
    .record({
      defect: fc.constantFrom(...defects),
      path: fc.constantFrom(...PATHS),
      wrong: fc.constantFrom<unknown>(7, true, [], 'text'),
    })
    .map(({ defect, path, wrong }) => ({ defect, ...SPOILERS[defect](path, wrong) }));
}

/** Fields that no receiver can do without. */
const PATHS = [
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
