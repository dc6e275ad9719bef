/** Exit codes, errors, signals and a standard output that fails: what every command ends with. */
import { inspect } from 'node:util';
import { AudioError, EmulatorError, InvalidInputError, UsageError } from '../errors.ts';
import { refusalOf } from '../files.ts';
import { plainText } from '../plain-text.ts';
import { tell } from './print.ts';

/** 0: fine. 1: the receiver, the disk or the run failed. 2: wrong usage or an input that cannot be used. */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

const MAX_CHARACTERS = 2_000;

/** Prints an error for a user (no stack trace for a user's mistake) and returns the exit code. */
export function reportError(error: unknown): number {
  if (error instanceof InvalidInputError) {
    const { length } = error.problems;
    print(`error: ${length} problem${length === 1 ? '' : 's'}`);
    // One problem a line, each of them cleaned.
    for (const line of error.message.split('\n')) print(line);
    return EXIT.usage;
  }
  if (error instanceof EmulatorError) {
    print(`error: ${error.message}${error.hint === undefined ? '' : ` ${error.hint}`}`);
    return error instanceof UsageError || error instanceof AudioError ? EXIT.usage : EXIT.failed;
  }
  const refused = systemRefusal(error);
  if (refused !== undefined) {
    print(`error: ${refused}`);
    return EXIT.usage;
  }
  for (const line of inspect(error).split('\n')) print(line);
  print('This is a defect of recall-emulator: please report it with the lines above.');
  return EXIT.failed;
}

/** What the system said no to, and what to do: a port, an address, a path. Undefined for anything else. */
function systemRefusal(error: unknown): string | undefined {
  const { code, path, syscall, message } = error as NodeJS.ErrnoException;
  if (typeof code !== 'string') return undefined;
  if (code === 'EADDRINUSE') return `${message}. Another program has this port: choose one with --port.`;
  if (syscall === 'listen' && code === 'EACCES')
    return `${message}. This user may not listen there: choose a port above 1023 with --port.`;
  if (syscall === 'listen' || syscall === 'getaddrinfo')
    return `${message}. Choose an address of this machine with --host.`;
  // The file that was one too many is not the one to look at.
  if (code === 'EMFILE' || code === 'ENFILE') return `${refusalOf(error)}. Raise the limit.`;
  if (path === undefined) return undefined;
  return `${path}: ${refusalOf(error) ?? message}. Check that it exists and may be used.`;
}

function print(line: string): void {
  tell(plainText(line, MAX_CHARACTERS));
}

let interrupt: AbortController | undefined;

/** A signal that Ctrl-C, SIGTERM or a terminal that is closed (SIGHUP) aborts; a second one ends the process at once. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  interrupt = controller;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(EXIT.failed);
      controller.abort();
    });
  }
  return controller.signal;
}

/**
 * What is printed may be what the user came for: when standard output takes nothing more, the command has failed, whatever
 * else it did. A reader that has seen enough (`| head`) is no failure: the command ends as at Ctrl-C, without a word.
 */
export function watchOutput(): void {
  let isOver = false;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (isOver) return;
    isOver = true;
    if (error.code === 'EPIPE') {
      if (interrupt === undefined) process.exit();
      interrupt.abort();
      return;
    }
    print(`error: standard output cannot be written: ${refusalOf(error) ?? error.message}.`);
    process.on('exit', () => {
      process.exitCode = EXIT.failed;
    });
  });
  // Nobody is left to be told.
  process.stderr.on('error', () => {});
}
