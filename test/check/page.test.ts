/** docs/check.md has the cases in their own words: `npm run build && node scripts/write-cases.mjs` writes them anew. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CASES } from '../../src/check/cases/index.ts';
import { FLAGS } from '../../src/cli/flags.ts';

const page = readFileSync('docs/check.md', 'utf8');

describe('docs/check.md', () => {
  it('is current', () => {
    const { stderr, status } = spawnSync(process.execPath, ['scripts/write-cases.mjs', '--check'], {
      encoding: 'utf8',
    });
    expect([stderr, status]).toEqual(['', 0]);
    for (const { id } of CASES) expect(page).toContain(`| \`${id}\``);
  });

  it('names flags that there are', () => {
    const known = new Set(Object.values(FLAGS).map(({ flags }) => /--[\w-]+/.exec(flags)![0]));
    const named = [...page.matchAll(/(?<![\w-])--[a-z][\w-]*/g)].map(([flag]) => flag);
    expect(named.filter((flag) => !known.has(flag))).toEqual([]);
  });
});

describe('the cases', () => {
  it('have an id each, and words that can be read', () => {
    const ids = CASES.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, title, expects, why, source, remedy } of CASES) {
      expect(id).toMatch(/^[a-z]+\.[a-z0-9_]+$/);
      for (const words of [title, expects, why, source, remedy]) expect(words.trim(), id).not.toBe('');
    }
  });
});
