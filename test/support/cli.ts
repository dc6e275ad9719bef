/** Runs the compiled command line as a user does: a process of its own, its output and its exit code. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { within } from './until.ts';

/** Wall milliseconds that a process may run: less than a test's timeout (vitest.config.ts), which would not tell what it printed. */
const LONGEST_MS = 110_000;

/** Characters of its output that an error has. */
const TOLD = 4_000;

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCli {
  readonly process: ChildProcess;
  /** Rejects with what it printed, and kills it, when it does not end before the test has to. */
  readonly ended: Promise<CliResult>;
  /** Resolves with what matched once it has been printed on stderr; rejects when it ends, or a minute passes, without that. */
  printed(pattern: RegExp): Promise<string>;
}

export function startCli(...args: string[]): RunningCli {
  return run(process.execPath, ['dist/command/main.js', ...args]);
}

/** The same by a command of bash, for limits that it sets. The command line is $CLI in it. */
export function startShell(
  command: string,
  options: Pick<SpawnOptions, 'env' | 'uid' | 'gid'> = {},
): RunningCli {
  const env = { CLI: `${process.execPath} dist/command/main.js`, ...options.env };
  return run('bash', ['--norc', '-c', command], { ...options, env });
}

function run(file: string, args: readonly string[], options: SpawnOptions = {}): RunningCli {
  const child = spawn(file, args, {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
    // Nor do the receivers of our tests fail the job that runs them.
    env: { ...process.env, NO_COLOR: '1', GITHUB_ACTIONS: '', ...options.env },
  });
  let stdout = '';
  let stderr = '';
  const waiting = new Set<() => void>();
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
    for (const look of waiting) look();
  });
  const story = (): string =>
    `${[file, ...args].join(' ')}\nstdout: ${stdout.slice(-TOLD)}\nstderr: ${stderr.slice(-TOLD)}`;
  const ended = new Promise<CliResult>((resolve, reject) => {
    const late = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`it did not end within ${LONGEST_MS / 1_000} s: ${story()}`));
    }, LONGEST_MS);
    child.once('close', (code) => {
      clearTimeout(late);
      resolve({ code, stdout, stderr });
    });
    child.once('error', reject);
  });
  // Not everybody waits for the end.
  ended.catch(() => {});
  const printed = (pattern: RegExp): Promise<string> => {
    const text = new Promise<string>((resolve, reject) => {
      const look = (): void => {
        const [found] = pattern.exec(stderr) ?? [];
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
      ended.then(() => reject(new Error(`it ended and never printed ${pattern}: ${story()}`)), reject);
    });
    return within(text, () => `${pattern} on stderr of ${story()}`);
  };
  return { process: child, ended, printed };
}

export function runCli(...args: string[]): Promise<CliResult> {
  return startCli(...args).ended;
}

/** A folder that is gone after `use`. */
export async function withFolder<T>(use: (dir: string) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'recall-emulator-test-'));
  try {
    return await use(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
