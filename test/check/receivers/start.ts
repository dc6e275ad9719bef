/** Starts the receivers of this folder as processes of their own, as users start theirs. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { within } from '../../support/until.ts';

export type Language = 'node' | 'python';

export interface StartedReceiver extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  /** Ends it with SIGTERM, if it has not ended by itself, and tells its exit code: null when a signal ended it. */
  stop(): Promise<number | null>;
}

/** A Python that has websockets: Debian's package belongs to Debian's Python, which need not be the first in the path. */
export const PYTHON = ['python3', '/usr/bin/python3'].find(
  (command) => spawnSync(command, ['-c', 'import websockets']).status === 0,
);

/** What starts it; any free port when it is 0. */
export function commandFor(
  language: Language,
  port: number,
  out: string,
  mistake?: string,
): [string, ...string[]] {
  const program: [string, ...string[]] =
    language === 'node'
      ? [process.execPath, pathOf('receiver.mjs')]
      : [PYTHON ?? 'python3', '-B', pathOf('receiver.py')];
  const flaw = mistake === undefined ? [] : ['--mistake', mistake];
  return [...program, '--port', String(port), '--out', out, ...flaw];
}

/** Writes to `out`. Rejects when it ends before it listens. */
export async function startTestReceiver(
  language: Language,
  out: string,
  mistake?: string,
): Promise<StartedReceiver> {
  const [program, ...args] = commandFor(language, 0, out, mistake);
  const child = spawn(program, args);
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    // The last words tell enough.
    stderr = `${stderr}${chunk}`.slice(-2_000);
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const early = ended.then((code) => Promise.reject(new Error(`The receiver ended with ${code}: ${stderr}`)));
  const url = await within(Promise.race([listening(child), early]), 'the receiver to listen').catch(
    (error) => {
      child.kill('SIGKILL');
      throw error;
    },
  );
  const stop = (): Promise<number | null> => {
    child.kill('SIGTERM');
    return within(ended, 'the end of the receiver after SIGTERM');
  };
  return {
    url,
    pid: child.pid!,
    stop,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

function listening({ stdout }: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    createInterface({ input: stdout! }).on('line', (line) => {
      const [, url] = /^listening on (.*)$/.exec(line) ?? [];
      if (url !== undefined) resolve(url);
    });
  });
}
