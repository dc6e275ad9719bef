/** Builds the package once before the tests: the e2e tests run the compiled command line, as a user does. */
import { execFileSync } from 'node:child_process';

export function setup(): void {
  const tool = (...args: string[]): unknown => execFileSync(process.execPath, args, { stdio: 'inherit' });
  tool('node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json');
  tool('node_modules/vite/bin/vite.js', 'build', '-c', 'web/vite.config.ts');
}
