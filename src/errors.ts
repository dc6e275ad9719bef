/**
 * The errors a user may meet. Every one says what was wrong, where, and what to do about it; anything else that
 * is thrown is a defect of this package. Does not print and does not exit: that is the CLI's business.
 */
import { plainText } from './plain-text.ts';

/** Where in an input something was found. Lines and columns count from 1, as editors show them. */
export interface SourceLocation {
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** Path of the field inside the document, such as `timeline[3].at`. */
  readonly path?: string | undefined;
}

/** One thing that is wrong with an input. */
export interface Problem {
  /** Stable, machine-readable: `speak_while_muted`, `duplicate_participant`, … */
  readonly code: string;
  /** What is wrong, with the offending value. One sentence. */
  readonly message: string;
  /** What to do about it. One sentence. */
  readonly hint?: string | undefined;
  readonly location?: SourceLocation | undefined;
}

/** Base class of all errors that are meant for the user. `code` is stable and machine-readable. */
export class EmulatorError extends Error {
  override readonly name: string = 'EmulatorError';
  readonly code: string;
  readonly hint: string | undefined;

  constructor(code: string, message: string, options: { hint?: string | undefined; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }
}

/** The caller gave an option, argument or file that cannot be used. The CLI exits with 2. */
export class UsageError extends EmulatorError {
  override readonly name: string = 'UsageError';
}

/** An audio file that cannot be read: not a WAV, truncated, compressed, empty. */
export class AudioError extends EmulatorError {
  override readonly name: string = 'AudioError';
}

/** A message lists this many problems; `problems` has them all. */
const PROBLEMS_IN_MESSAGE = 10;

/** A document with one or more problems; all of them are in `problems`, not only the first. */
export class InvalidInputError extends EmulatorError {
  override readonly name: string = 'InvalidInputError';
  readonly problems: readonly Problem[];

  constructor(code: string, problems: readonly Problem[]) {
    super(code, listProblems(problems));
    this.problems = problems;
  }
}

/** The first ten, one a line, and how many more there are. */
function listProblems(problems: readonly Problem[]): string {
  const lines = problems.slice(0, PROBLEMS_IN_MESSAGE).map(formatProblem);
  const more = problems.length - lines.length;
  if (more > 0) lines.push(`… ${more} more`);
  return lines.join('\n');
}

/** An error for users as plain data: classes do not travel between threads. */
export interface ErrorData {
  /** The class; `EmulatorError` when left out. */
  readonly name?: string | undefined;
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly problems?: readonly Problem[] | undefined;
}

export function toErrorData(error: EmulatorError): ErrorData {
  const { name, code, message, hint } = error;
  return {
    name,
    code,
    message,
    hint,
    problems: error instanceof InvalidInputError ? error.problems : undefined,
  };
}

/** The error again, of its own class. */
export function fromErrorData({ name, code, message, hint, problems = [] }: ErrorData): EmulatorError {
  if (name === 'InvalidInputError') return new InvalidInputError(code, problems);
  const Class = name === 'UsageError' ? UsageError : name === 'AudioError' ? AudioError : EmulatorError;
  return new Class(code, message, { hint });
}

const MAX_PLACE_CHARACTERS = 300;

/** One line, `file:line:column path: message hint`, leaving out what is not known. Safe to print. */
export function formatProblem(problem: Problem): string {
  const { file, line, column, path } = problem.location ?? {};
  const place = [file, line, line === undefined ? undefined : column]
    .filter((part) => part !== undefined)
    .join(':');
  const where = [place, path]
    .filter((part) => part !== undefined && part !== '')
    .map((part) => plainText(part ?? '', MAX_PLACE_CHARACTERS))
    .join(' ');
  const text = plainText(problem.hint === undefined ? problem.message : `${problem.message} ${problem.hint}`);
  return where === '' ? text : `${where}: ${text}`;
}
