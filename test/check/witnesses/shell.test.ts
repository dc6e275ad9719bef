/** Commands of the user's that run beside a case. */
import { expect, it } from 'vitest';
import { runShell } from '../../../src/check/witnesses/shell.ts';

it('names the error that a command died of, and not the frames below it', async () => {
  const { problem, lastWords } = await runShell(
    `${process.execPath} -e 'console.error("begins"); throw new RangeError("no room for this")'`,
    { env: {}, timeoutMs: 60_000 },
  );
  expect(problem).toBe('ended with code 1');
  expect(lastWords).toMatch(/^RangeError: no room for this/);
  expect(lastWords).not.toContain('at ');
});

it('tells the last lines of one that names no error', async () => {
  const { lastWords } = await runShell('echo first >&2; echo second >&2; exit 3', {
    env: {},
    timeoutMs: 60_000,
  });
  expect(lastWords).toBe('first second');
});
