/** Exit codes, errors and Ctrl-C: what every command ends with. */
import { EmulatorError, InvalidInputError } from '../errors.ts';

/** 0: fine. 1: the receiver or the run failed. 2: wrong usage or an input that cannot be used. */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** Prints an error for a user (no stack trace for a user's mistake) and returns the exit code. */
export function reportError(error: unknown): number {
  if (error instanceof InvalidInputError) {
    const { length } = error.problems;
    console.error(`error: ${length} problem${length === 1 ? '' : 's'}`);
    console.error(error.message);
    return EXIT.usage;
  }
  if (error instanceof EmulatorError) {
    console.error(`error: ${error.message}${error.hint === undefined ? '' : ` ${error.hint}`}`);
    return EXIT.usage;
  }
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    console.error(
      `error: ${(error as Error).message}. Another program has this port: choose one with --port.`,
    );
    return EXIT.usage;
  }
  if (typeof code === 'string' && path !== undefined) {
    console.error(`error: ${(error as Error).message}. Check that ${path} exists and may be used.`);
    return EXIT.usage;
  }
  console.error(error);
  console.error('This is a defect of recall-emulator: please report it with the lines above.');
  return EXIT.failed;
}

/** A signal that Ctrl-C (or SIGTERM) aborts; a second one ends the process at once. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(EXIT.failed);
      controller.abort();
    });
  }
  return controller.signal;
}
