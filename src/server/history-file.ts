/** Reads what a server begins with: a history that people write (YAML), or a snapshot that another server has answered (JSON). */
import { dirname, resolve } from 'node:path';
import { InvalidInputError, type Problem } from '../errors.ts';
import { tooDeep } from '../json.ts';
import { scenarioFile } from '../scenario/open.ts';
import { shapeProblems } from '../scenario/shape.ts';
import { readYaml } from '../scenario/yaml.ts';
import { type HistoryOptions, makeHistory } from './history.ts';
import { type History, historySchema } from './store/history-schema.ts';
import type { BotState } from './store/records.ts';

/** Of a snapshot, which is JSON, at its beginning or, when somebody has sorted its keys, at its end. */
const VERSION = /"version"\s*:\s*\d/;
const END = 1_000;

export function isSnapshot(text: string): boolean {
  const isJson = /^\s*\{/.test(text);
  return isJson && (VERSION.test(text.slice(0, END)) || VERSION.test(text.slice(-END)));
}

/** Throws an `InvalidInputError` (`invalid_history`) with all its problems, each with its line. */
export async function importHistory(
  file: string,
  text: string,
  options: Omit<HistoryOptions, 'scenarioFile' | 'onProblem'>,
): Promise<BotState[]> {
  const { value, locate } = readYaml(text, file, invalidHistory);
  const deep = tooDeep(value);
  if (deep !== undefined) throw invalidHistory([{ ...deep, location: locate([]) }]);
  const result = historySchema.safeParse(value);
  if (!result.success) throw invalidHistory(shapeProblems(result.error.issues, value, locate));
  const history: History = result.data;
  return makeHistory(history, {
    ...options,
    scenarioFile: (name) => scenarioFile(name, dirname(resolve(file))),
    onProblem({ path, message }) {
      const problem: Problem = {
        code: 'history_not_playable',
        message,
        hint: 'Correct the scenario of this entry, or what it asks for.',
        location: locate([...path, 'scenario']),
      };
      throw invalidHistory([problem]);
    },
  });
}

function invalidHistory(problems: readonly Problem[]): InvalidInputError {
  return new InvalidInputError('invalid_history', problems);
}
