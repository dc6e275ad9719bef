/** `check` at the receiver of these tests, in a process of its own. */
import { createServer } from 'node:net';
import { check } from '../../../src/check/check.ts';
import type { CheckOptions } from '../../../src/check/options.ts';
import type { CheckReport } from '../../../src/check/report.ts';

export const RECEIVER = new URL('receiver.mjs', import.meta.url).pathname;

let tried = 0;

/**
 * One that nobody listens on at the moment. Not of those that the system gives away by itself, and of a range of this worker alone:
 * between here and the receiver nobody else takes it.
 */
export async function freePort(): Promise<number> {
  const first = 20_000 + (Number(process.env.VITEST_POOL_ID ?? 0) % 6) * 2_000;
  for (;;) {
    const port = first + ((process.pid * 7 + tried++) % 2_000);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isFree) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}

type Env = Readonly<Record<string, string | number>>;

/** Sets the environment and becomes the receiver, or another script: the process is its own. */
export function commandOf(env: Env, script = RECEIVER): [string, ...string[]] {
  const set = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return ['env', ...set, process.execPath, script];
}

/** One case over one connection per participant, unless the options say otherwise. */
export async function checked(options: Partial<CheckOptions>, env: Env = {}): Promise<CheckReport> {
  const port = await freePort();
  return check({
    url: `ws://127.0.0.1:${port}/audio/`,
    command: commandOf({ PORT: port, ...env }),
    cases: ['basic.one_speaker'],
    connections: 'per-participant',
    seed: 1,
    ...options,
  });
}
