import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { withFolder } from '../support/cli.ts';

/** Runs the smoke test with an emulator that does nothing and a Python that is this shell script. */
function smoke(python: string): Promise<{ status: number | null; stderr: string; left: string[] }> {
  return withFolder(async (dir) => {
    const command = join(dir, 'python');
    writeFileSync(command, `#!/bin/sh\n${python}\n`, { mode: 0o755 });
    const { status, stderr } = spawnSync('sh', ['examples/python-receiver/smoke.sh', 'true'], {
      env: { ...process.env, PYTHON: command, TMPDIR: dir },
      encoding: 'utf8',
      // It used to wait for ever.
      timeout: 30_000,
    });
    return { status, stderr, left: readdirSync(dir).filter((name) => name !== 'python') };
  });
}

it('the Python smoke test says at once that websockets is missing', async () => {
  const { status, stderr } = await smoke('exit 1');
  expect(status).toBe(1);
  expect(stderr).toMatch(/^smoke\.sh: .*python cannot import websockets\. Install it: .*\n$/);
});

it('the Python smoke test does not wait for a receiver that has ended, and leaves nothing behind', async () => {
  const { status, stderr, left } = await smoke('[ "$1" = -c ] || { echo "Traceback" >&2; exit 3; }');
  expect(status).toBe(1);
  expect(stderr).toBe('Traceback\nsmoke.sh: receiver.py has ended before it could receive.\n');
  expect(left).toEqual([]);
});
