import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, normalize, resolve } from 'node:path';
import { expect, it } from 'vitest';

/** Relative targets of a Markdown file's links, from the root of the project. */
function linksOf(file: string): string[] {
  const links = [...readFileSync(file, 'utf8').matchAll(/\]\((?![a-z]+:|#)([^)#\s]+)/g)];
  return links.map(([, target = '']) => normalize(join(dirname(file), target)));
}

interface Packed {
  readonly files: readonly { readonly path: string }[];
}

function packedFiles(): ReadonlySet<string> {
  const json = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  const [{ files }] = JSON.parse(json) as [Packed];
  return new Set(files.map(({ path }) => path));
}

it('the package has the pages that its README and they themselves point to', () => {
  const packed = packedFiles();
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

it('the package has its fixtures with their speech, and gives them by name', () => {
  const packed = packedFiles();
  const scenarios = readdirSync('fixtures').filter((file) => file.endsWith('.yaml'));
  expect(scenarios).toContain('standup.yaml');
  for (const file of scenarios) {
    const { resolve: find } = createRequire(import.meta.url);
    expect(find(`recall-emulator/fixtures/${file}`)).toBe(resolve('fixtures', file));
    const audio = [...readFileSync(join('fixtures', file), 'utf8').matchAll(/audio: ([^,\s}]+)/g)];
    for (const [, name] of audio) expect(packed, file).toContain(`fixtures/${name}`);
  }
});

it('the package says where its repository is', () => {
  const { repository, name } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(repository).toBe(`github:${name}/${name}`);
});

it('the package brings no licence that nobody has looked at', () => {
  const list = execFileSync(process.execPath, ['scripts/licences.mjs'], { encoding: 'utf8' });
  expect(list).toMatch(/^MIT: .*commander/m);
});

it('the package has no script that runs when it is installed', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  for (const name of ['preinstall', 'install', 'postinstall']) expect(scripts).not.toHaveProperty(name);
});

it('the package has the licence of what its pages bundle', () => {
  expect(packedFiles()).toContain('NOTICE');
  expect(readFileSync('NOTICE', 'utf8')).toContain(
    readFileSync('node_modules/preact/LICENSE', 'utf8').trim(),
  );
});
