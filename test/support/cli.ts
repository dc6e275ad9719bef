/** Runs the compiled command line as a user does: a process of its own, its output and its exit code. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCli {
  readonly process: ChildProcess;
  readonly ended: Promise<CliResult>;
  /** Resolves with what matched once it has been printed on stderr. */
  printed(pattern: RegExp): Promise<string>;
}

export function startCli(...args: string[]): RunningCli {
  return run(process.execPath, ['dist/cli/main.js', ...args]);
}

/** The same by a command of the shell, for limits that it sets. */
export function startShell(command: string): RunningCli {
  return run('sh', ['-c', command]);
}

function run(file: string, args: readonly string[]): RunningCli {
  const child = spawn(file, args, { env: { ...process.env, NO_COLOR: '1' } });
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
  const ended = new Promise<CliResult>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  return {
    process: child,
    ended,
    printed: (pattern) =>
      new Promise((resolve) => {
        const look = (): void => {
          const [text] = pattern.exec(stderr) ?? [];
          if (text === undefined) return;
          waiting.delete(look);
          resolve(text);
        };
        waiting.add(look);
        look();
      }),
  };
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
