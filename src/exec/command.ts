/**
 * A command of the user's that runs beside the mock: its terminal, its standard streams and its exit code are its own. Signals that
 * we get are passed on to it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { UsageError } from '../errors.ts';
import { refusalOf } from '../files.ts';
import { plainText } from '../plain-text.ts';
import type { Environment } from './environment.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** As shells have it: what a signal has ended has 128 and the signal's number. */
const SIGNAL_BASE = 128;

export interface RunOptions {
  /** Program and arguments. */
  readonly command: readonly [string, ...string[]];
  readonly env: Environment;
}

/**
 * Runs the command and resolves with its exit code. The second signal ends it at once, with all that it has started; so does our own
 * end. Throws a `UsageError` (`command_not_started`).
 */
export async function runCommand({ command: [program, ...args], env }: RunOptions): Promise<number> {
  // In a terminal it stays in our group: it may read what is typed, and Ctrl-C reaches it as it reaches us. Elsewhere it has a group
  // of its own, so that what it starts gets our signals, too.
  const terminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  const isGroup = !terminal && process.platform !== 'win32';
  const child = spawn(program, args, { stdio: 'inherit', env, detached: isGroup });
  const kill = (signal: NodeJS.Signals): void => killChild(child, signal, isGroup);
  const onExit = (): void => kill('SIGKILL');
  let signals = 0;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (signals++ > 0) kill('SIGKILL');
    // The terminal has told it already.
    else if (signal !== 'SIGINT' || !terminal) kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  process.on('exit', onExit);
  try {
    return await exitCodeOf(child, program);
  } finally {
    // What it has left behind in its group ends with it.
    if (isGroup) kill('SIGKILL');
    process.off('exit', onExit);
    for (const signal of SIGNALS) process.off(signal, onSignal);
  }
}

function exitCodeOf(child: ChildProcess, program: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code, signal) =>
      resolve(code ?? SIGNAL_BASE + (signal === null ? 0 : constants.signals[signal])),
    );
    child.once('error', (error) => {
      // A signal that could not be sent is an error, too.
      if (child.pid !== undefined) return;
      const why = refusalOf(error) ?? error.message;
      reject(
        new UsageError('command_not_started', `${plainText(program, 200)} cannot be started: ${why}.`, {
          hint: 'Check the command after --.',
        }),
      );
    });
  });
}

function killChild({ pid }: ChildProcess, signal: NodeJS.Signals, isGroup: boolean): void {
  if (pid === undefined) return;
  try {
    process.kill(isGroup ? -pid : pid, signal);
  } catch {
    // It is gone.
  }
}
