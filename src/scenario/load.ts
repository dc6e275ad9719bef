/**
 * Reads a scenario from YAML or JSON and knows where each field stands in the text. Checks syntax and shape; what can
 * happen in a meeting is the compiler's.
 */
import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { isNode, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { InvalidInputError, type Problem, type SourceLocation, UsageError } from '../errors.ts';
import { type Scenario, scenarioSchema } from './schema.ts';

export interface LoadedScenario {
  readonly scenario: Scenario;
  /** What audio paths are relative to. */
  readonly baseDir: string;
  /** Where a field stands, for messages. */
  locate(path: readonly (string | number)[]): SourceLocation;
}

const MAX_BYTES = 64 * 1024 * 1024;
/** YAML aliases may be used this often; more is a document made to explode. */
const MAX_ALIASES = 100;

/** Reads a file. Throws a `UsageError` when there is none, an `InvalidInputError` (`invalid_scenario`) with all its problems. */
export async function loadScenario(path: string): Promise<LoadedScenario> {
  return parseScenario(await readText(path), { file: path });
}

/** The text of a file the user named. Throws a `UsageError`. */
async function readText(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > MAX_BYTES) {
      throw new UsageError('file_too_large', `${path} has ${size} bytes.`, {
        hint: `At most ${MAX_BYTES} are read.`,
      });
    }
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError('file_unreadable', `${path} cannot be read (${code}).`, {
      hint: 'Check the path.',
      cause: error,
    });
  }
}

/** Parses text. `file` is for messages and relative paths. Throws an `InvalidInputError` with all problems. */
export function parseScenario(text: string, options: { readonly file?: string } = {}): LoadedScenario {
  const { file } = options;
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const at = (offset: number): SourceLocation => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const invalid = (problems: readonly Problem[]): InvalidInputError =>
    new InvalidInputError('invalid_scenario', problems);
  if (document.errors.length > 0) {
    throw invalid(
      document.errors.map((error) => ({
        code: 'invalid_yaml',
        message: `Not valid YAML: ${error.message}.`,
        hint: 'Check the indentation and the brackets of this line.',
        location: at(error.pos[0]),
      })),
    );
  }
  const locate = (path: readonly (string | number)[]): SourceLocation => {
    for (let length = path.length; length >= 0; length--) {
      const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range != null) return { ...at(node.range[0]), path: formatPath(path) };
    }
    return { file, path: formatPath(path) };
  };
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    throw invalid([
      {
        code: 'invalid_yaml',
        message: `Not usable YAML: ${(error as Error).message}.`,
        hint: 'Write the aliases out.',
        location: { file },
      },
    ]);
  }
  const result = scenarioSchema.safeParse(value);
  if (!result.success) {
    throw invalid(result.error.issues.map((issue) => shapeProblem(issue, value, locate)));
  }
  return {
    scenario: value as Scenario,
    baseDir: file === undefined ? process.cwd() : dirname(resolve(file)),
    locate,
  };
}

/** A scenario object as if it had been loaded; its problems are located by field path. */
export function scenarioObject(scenario: Scenario): LoadedScenario {
  const locate = (path: readonly (string | number)[]): SourceLocation => ({ path: formatPath(path) });
  const result = scenarioSchema.safeParse(scenario);
  if (!result.success) {
    throw new InvalidInputError(
      'invalid_scenario',
      result.error.issues.map((issue) => shapeProblem(issue, scenario, locate)),
    );
  }
  return { scenario, baseDir: process.cwd(), locate };
}

function shapeProblem(
  issue: z.core.$ZodIssue,
  value: unknown,
  locate: (path: readonly (string | number)[]) => SourceLocation,
): Problem {
  const path = issue.path as (string | number)[];
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    return {
      code: 'unknown_field',
      message: `${issue.keys.map((each) => `"${each}"`).join(', ')} is not a field here.`,
      hint: 'Check its spelling, or leave it out.',
      location: locate([...path, key]),
    };
  }
  const found = path.reduce<unknown>(
    (node, key) => (node as Record<string | number, unknown> | undefined)?.[key],
    value,
  );
  if (issue.code === 'invalid_union' && path.at(-1) === 'action') {
    return {
      code: 'unknown_action',
      message: `${show(found)} is not an action.`,
      hint: 'Use join, leave, unmute, mute, speak, chat_message, webcam_on, webcam_off, screenshare_on, screenshare_off or update.',
      location: locate(path),
    };
  }
  return {
    code: 'invalid_field',
    message:
      found === undefined || (found === null && path.length === 0)
        ? `${formatPath(path) || 'The document'} is missing or empty: ${issue.message}.`
        : `${show(found)}: ${issue.message}.`,
    location: locate(path),
  };
}

/** A value as a message shows it: short. */
function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** `timeline[3].at` */
function formatPath(path: readonly (string | number)[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : index === 0 ? key : `.${key}`))
    .join('');
}
