import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FAILURE_CODES } from '../src/emulator/failure.ts';
import {
  AudioError,
  EmulatorError,
  fromErrorData,
  InvalidInputError,
  toErrorData,
  UsageError,
} from '../src/errors.ts';

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
);

/**
 * The mock API answers as Recall does, with Recall's codes; causes and what cases find have pages of their own (docs/diagnoses.md,
 * docs/check.md). Errors that these
 * files throw are looked for all the same.
 */
const hasOtherCodes = (file: string): boolean =>
  /^(diagnose\/|check\/(cases|causes|known|verdict)|server\/(api|control|webhooks|store|bot)\/(?!scenarios)|protocol\/rest\/)/.test(
    file,
  );

const CODE = /'(\w+)'|`([\w${}.]+)`/.source;
const THROWN = new RegExp(
  `(?:new (?:UsageError|InvalidInputError|AudioError|EmulatorError)|checkRange)\\(\\s*(?:${CODE})`,
  'g',
);
/** Of problems: in an object, or told of a step of the timeline. */
const TOLD = new RegExp(`(?:\\bcode: |\\bproblem\\(\\s*[\\w.]+,\\s*)(?:${CODE})`, 'g');
const SUB_CODE = /'(emulator_\w+)'/g;

/** What a pattern finds; `*` for what is put in when it runs. */
function codesIn(file: string, pattern: RegExp): string[] {
  return [...readFileSync(join('src', file), 'utf8').matchAll(pattern)].map(([, literal, template]) =>
    (literal ?? template!).replace(/\$\{[^}]*\}/g, '*'),
  );
}

/** Codes that are not ours: zod's for a rule of our own, Node's for a deprecation, and the system's. */
const NOT_OURS = new Set(['custom', 'RECALL_DEP0001', 'EEXIST']);

function codesOfSources(): Set<string> {
  const codes = sources.flatMap((file) => [
    ...codesIn(file, THROWN),
    ...(hasOtherCodes(file) ? [] : codesIn(file, TOLD)),
    ...(file.startsWith('server/') ? codesIn(file, SUB_CODE) : []),
  ]);
  return new Set([...codes, ...FAILURE_CODES].filter((code) => !NOT_OURS.has(code)));
}

const rows = readFileSync('docs/errors.md', 'utf8')
  .split('\n')
  .filter((line) => /^\| `\w*\*?_?\w+/.test(line) && !/^\| `\w+Error`/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()));
const documented = new Set(
  rows.flatMap(([, codes = '']) => [...codes.matchAll(/`([^`]+)`/g)].map(([, code]) => code!)),
);

describe('docs/errors.md', () => {
  it('has every code that the sources have', () => {
    expect([...codesOfSources()].filter((code) => !documented.has(code))).toEqual([]);
  });

  it('has no code that the sources do not have', () => {
    const known = codesOfSources();
    expect([...documented].filter((code) => !known.has(code))).toEqual([]);
  });

  it('says of each what it comes from', () => {
    expect(rows.filter((cells) => cells.length !== 5 || cells[2] === '')).toEqual([]);
  });
});

describe('an error that travels as data', () => {
  const problem = {
    code: 'speak_while_muted',
    message: 'They are muted.',
    hint: 'Unmute them.',
    location: { file: 'a.yaml', line: 3 },
  };

  it.each([
    new UsageError('file_unreadable', 'a.yaml cannot be read.', { hint: 'Check the path.' }),
    new AudioError('audio_not_found', 'a.wav does not exist.'),
    new EmulatorError('worker_failed', 'A thread could not start.', { hint: 'Give fewer.' }),
    new InvalidInputError('invalid_scenario', [problem, { ...problem, code: 'after_end' }]),
  ])('is the same again: $name', (error) => {
    const again = fromErrorData(structuredClone(toErrorData(error)));
    expect(again.constructor).toBe(error.constructor);
    const { name, code, message, hint } = error;
    expect(again).toMatchObject({ name, code, message, hint });
    if (error instanceof InvalidInputError) expect(again).toMatchObject({ problems: error.problems });
  });
});
