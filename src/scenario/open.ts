/**
 * Opens whatever a meeting can be given as: a file, a capture, the name of a built-in scenario, a scenario object or a
 * compiled timeline. The one way from there to a timeline; `play`, `load`, `serve` and `validate` all go it.
 */
import { readdirSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../errors.ts';
import { packageFile } from '../package-files.ts';
import { plainText } from '../plain-text.ts';
import { isCaptureName, loadCapture } from './capture.ts';
import { type CompileOptions, compileScenario } from './compile.ts';
import { loadScenario } from './load.ts';
import type { Scenario, ScenarioBot } from './schema.ts';
import type { Timeline } from './timeline.ts';

/** A file, a capture or a built-in name; a scenario object or builder's result; a compiled timeline. */
export type MeetingSource = string | Scenario | Timeline;

export interface OpenedMeeting {
  /** The file or name as it was given; `scenario` or `timeline` for an object. */
  readonly name: string;
  readonly timeline: Timeline;
  /** What a scenario says of its bot. */
  readonly bot: ScenarioBot;
}

const FIXTURES = fileURLToPath(packageFile('fixtures/'));
const EXTENSION = '.yaml';

/** As `openScenario`, and a text that is named as captures are (`.ndjson`, `.jsonl`) is replayed. */
export async function openMeeting(
  source: MeetingSource,
  options: CompileOptions = {},
): Promise<OpenedMeeting> {
  if (typeof source === 'string' && isCaptureName(source))
    return { name: source, timeline: await loadCapture(source), bot: {} };
  return openScenario(source, options);
}

/** Throws a `UsageError` for a file or name that is not there, an `InvalidInputError` or `AudioError` for what is wrong in it. */
export async function openScenario(
  source: MeetingSource,
  options: CompileOptions = {},
): Promise<OpenedMeeting> {
  if (typeof source === 'string') {
    const loaded = await loadScenario(scenarioFile(source));
    return {
      name: source,
      timeline: await compileScenario(loaded, options),
      bot: loaded.scenario.bot ?? {},
    };
  }
  if ('streams' in source) return { name: 'timeline', timeline: source, bot: {} };
  return { name: 'scenario', timeline: await compileScenario(source, options), bot: source.bot ?? {} };
}

/**
 * The path of a scenario that is given by its path (relative to `dir`) or its built-in name. A file that exists wins over a
 * built-in name.
 */
export function scenarioFile(source: string, dir = ''): string {
  const path = isAbsolute(source) ? source : join(dir, source);
  return !isBuiltInName(source) || isFile(path) ? path : builtInScenario(source);
}

/** The path of a built-in scenario. Throws a `UsageError` (`unknown_scenario`) that lists them all. */
export function builtInScenario(name: string): string {
  const names = builtInScenarios();
  if (names.includes(name)) return `${FIXTURES}${name}${EXTENSION}`;
  throw new UsageError(
    'unknown_scenario',
    `"${plainText(name, 100)}" is neither a file nor a built-in scenario.`,
    { hint: `Built-in scenarios are ${names.join(', ')}.` },
  );
}

/** The names of the scenarios that come with the package. */
export function builtInScenarios(): readonly string[] {
  return readdirSync(FIXTURES)
    .filter((file) => file.endsWith(EXTENSION))
    .map((file) => file.slice(0, -EXTENSION.length))
    .sort();
}

/** Whether it may be the name of a built-in scenario: a path has a dot or a slash. */
export function isBuiltInName(source: string): boolean {
  return /^[\w-]+$/.test(source);
}

/** What may not be looked at counts: whoever reads it says why it cannot be read. */
function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === false;
  } catch {
    return true;
  }
}
