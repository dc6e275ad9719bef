import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, it } from 'vitest';

/** Relative targets of a Markdown file's links, from the root of the project. */
function linksOf(file: string): string[] {
  const links = [...readFileSync(file, 'utf8').matchAll(/\]\((?![a-z]+:|#)([^)#\s]+)/g)];
  return links.map(([, target = '']) => normalize(join(dirname(file), target)));
}

interface Packed {
  readonly files: readonly { readonly path: string }[];
}

it('the package has the pages that its README and they themselves point to', () => {
  const json = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { encoding: 'utf8' });
  const [{ files }] = JSON.parse(json) as [Packed];
  const packed = new Set(files.map(({ path }) => path));
  const pages = ['README.md', ...[...packed].filter((path) => /^docs\/.*\.md$/.test(path))];
  expect(pages.length).toBeGreaterThan(5);
  for (const page of pages) {
    for (const link of linksOf(page)) {
      expect(existsSync(link), `${page} → ${link}`).toBe(true);
      if (link.startsWith('docs/') && link.endsWith('.md'))
        expect(packed, `${page} → ${link}`).toContain(link);
    }
  }
});

it('the package says where its repository is', () => {
  const { repository, name } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(repository).toBe(`github:${name}/${name}`);
});
