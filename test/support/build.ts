/** Builds the package once before the tests, if it is older than its sources: the e2e tests run the compiled command line, as a user does. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What the steps of the build are made of; a folder is changed when a file comes or goes. */
const SOURCES = [
  'src',
  'web',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'cli.vite.config.ts',
  'scripts/build-pages.mjs',
];
/** What each of them writes, the last one last. */
const BUILT = ['dist/command/main.js', 'dist/web/report.html'];

export function setup(): void {
  if (isFresh()) return;
  const tool = (...args: string[]): unknown => execFileSync(process.execPath, args, { stdio: 'inherit' });
  tool('node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json');
  tool('node_modules/vite/bin/vite.js', 'build', '-c', 'cli.vite.config.ts');
  tool('scripts/build-pages.mjs');
}

function isFresh(): boolean {
  if (!BUILT.every((file) => existsSync(file))) return false;
  const built = Math.min(...BUILT.map((file) => statSync(file).mtimeMs));
  return SOURCES.every((source) => newestIn(source) < built);
}

/** When it was changed last, or anything in it. */
function newestIn(path: string): number {
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(found.mtimeMs, ...readdirSync(path).map((name) => newestIn(join(path, name))));
}
