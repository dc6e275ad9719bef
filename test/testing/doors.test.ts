import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { meetingTest as moved } from '../../src/testing/index.ts';

/** Packages that a file imports, and all that those of our files import which it does; types included, as d.ts files keep them. */
function packagesOf(file: string, seen = new Set<string>()): Set<string> {
  const packages = new Set<string>();
  if (seen.has(file)) return packages;
  seen.add(file);
  for (const [, name] of readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)) {
    if (!name!.startsWith('.')) packages.add(name!);
    else for (const each of packagesOf(join(dirname(file), name!), seen)) packages.add(each);
  }
  return packages;
}

describe('recall-emulator/testing', () => {
  it('wants fast-check and no test runner', () => {
    const packages = packagesOf('src/testing/index.ts');
    expect(packages).toContain('fast-check');
    for (const runner of ['vitest', 'jest', '@jest/globals', 'expect', 'mocha', 'node:test'])
      expect(packages).not.toContain(runner);
  });

  it('says where meetingTest is now, however it is used', () => {
    const old = moved as unknown as { (name: string): void; for(rows: readonly unknown[]): void };
    for (const use of [() => old('a test'), () => old.for([])]) {
      expect(use).toThrow(UsageError);
      expect(use).toThrow('recall-emulator/vitest');
    }
  });
});

describe('recall-emulator', () => {
  it('wants neither a test runner nor fast-check', () => {
    for (const peer of ['vitest', 'fast-check', 'msw'])
      expect(packagesOf('src/index.ts')).not.toContain(peer);
  });
});

describe('recall-emulator/testing/matchers', () => {
  it('registers the matchers, and says what it is called now', async () => {
    const warned = once(process, 'warning');
    await import('../../src/vitest/testing-matchers.ts');
    const [warning] = await warned;
    expect(warning).toMatchObject({ name: 'DeprecationWarning', code: 'RECALL_DEP0001' });
    expect(warning.message).toContain('recall-emulator/vitest/matchers');
    expect({ event: 'else' }).not.toBeRecallEvent();
  });
});
