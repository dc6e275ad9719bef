import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it('the examples of the runners test one and the same receiver', () => {
  const [first, ...others] = ['vitest', 'jest', 'mocha', 'node-test'].map((runner) =>
    readFileSync(`examples/${runner}/receiver.js`, 'utf8'),
  );
  for (const other of others) expect(other).toBe(first);
});
