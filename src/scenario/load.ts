/**
 * Reads a scenario from YAML or JSON and knows where each field stands in the text. Checks syntax and shape; what can
 * happen in a meeting is the compiler's.
 */
import { dirname, extname, resolve } from 'node:path';
import { InvalidInputError, type Problem, type SourceLocation } from '../errors.ts';
import { readTextFile } from '../files.ts';
import { tooDeep } from '../json.ts';
import { isCaptureName } from './capture.ts';
import { type Scenario, scenarioSchema } from './schema.ts';
import { formatPath, shapeProblems } from './shape.ts';
import { readYaml } from './yaml.ts';

export interface LoadedScenario {
  readonly scenario: Scenario;
  /** What audio paths are relative to. */
  readonly baseDir: string;
  /** Where a field stands, for messages. */
  locate(path: readonly (string | number)[]): SourceLocation;
}

const MAX_BYTES = 64 * 1024 * 1024;

/** Reads a file. Throws a `UsageError` when there is none, an `InvalidInputError` (`invalid_scenario`) with all its problems. */
export async function loadScenario(path: string): Promise<LoadedScenario> {
  const byName = mistakenName(path);
  if (byName !== undefined) throw notAScenario(path, byName);
  const text = await readTextFile(path, MAX_BYTES);
  const byContent = mistakenContent(text);
  if (byContent !== undefined) throw notAScenario(path, byContent);
  return parseScenario(text, { file: path });
}

/** What a file is when it is no scenario, and what to do with it. */
interface Mistake {
  readonly message: string;
  readonly hint: string;
}

const CAPTURE: Mistake = {
  message: 'This is a capture, not a scenario.',
  hint: 'To replay it, give play `capture`.',
};
const AUDIO: Mistake = {
  message: 'This is audio, not a scenario.',
  hint: 'Name it in a scenario: { at: 1s, participant: 100, action: speak, audio: FILE }.',
};
const BINARY: Mistake = {
  message: 'This is not text, so it is no scenario.',
  hint: 'Give a YAML or JSON file.',
};

function notAScenario(file: string, { message, hint }: Mistake): InvalidInputError {
  return invalidScenario([{ code: 'not_a_scenario', message, hint, location: { file } }]);
}

/** The problems of a scenario in the order of the file's lines. */
export function invalidScenario(problems: readonly Problem[]): InvalidInputError {
  const line = ({ location }: Problem): number => location?.line ?? 0;
  return new InvalidInputError(
    'invalid_scenario',
    [...problems].sort((a, b) => line(a) - line(b)),
  );
}

function mistakenName(path: string): Mistake | undefined {
  if (isCaptureName(path)) return CAPTURE;
  const extension = extname(path).toLowerCase();
  return ['.wav', '.pcm', '.raw', '.mp3', '.m4a', '.ogg', '.flac'].includes(extension) ? AUDIO : undefined;
}

/** A capture begins with one whole message in a line; what has a NUL is no text. */
function mistakenContent(text: string): Mistake | undefined {
  const [first = ''] = text.slice(0, 8 * 1024 * 1024).split('\n', 1);
  if (first.startsWith('RIFF')) return AUDIO;
  if (text.slice(0, 4_096).includes('\0')) return BINARY;
  return /^\s*\{\s*"event"\s*:/.test(first) ? CAPTURE : undefined;
}

/** Parses text. `file` is for messages and relative paths. Throws an `InvalidInputError` with all problems. */
export function parseScenario(text: string, options: { readonly file?: string } = {}): LoadedScenario {
  const { file } = options;
  const source = readYaml(text, file, invalidScenario);
  const { value, locate } = source;
  const problems = problemsOf(value, locate);
  if (problems.length > 0) throw invalidScenario(problems);
  return {
    scenario: value as Scenario,
    baseDir: file === undefined ? process.cwd() : dirname(resolve(file)),
    locate,
  };
}

/** A scenario object as if it had been loaded; its problems are located by field path. */
export function scenarioObject(scenario: Scenario): LoadedScenario {
  const locate = (path: readonly (string | number)[]): SourceLocation => ({ path: formatPath(path) });
  const problems = problemsOf(scenario, locate);
  if (problems.length > 0) throw invalidScenario(problems);
  return { scenario, baseDir: process.cwd(), locate };
}

function problemsOf(value: unknown, locate: LoadedScenario['locate']): Problem[] {
  const problem = tooDeep(value);
  if (problem !== undefined) return [{ ...problem, location: locate([]) }];
  const result = scenarioSchema.safeParse(value);
  return result.success ? [] : shapeProblems(result.error.issues, value, locate);
}
