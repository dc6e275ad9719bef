/** Files that the package brings along. They are found from the sources, from what tsc made of them, and from the bundle alike. */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const MANIFEST = pathToFileURL(createRequire(import.meta.url).resolve('recall-emulator/package.json'));

/** `path` is seen from the root of the package: `fixtures/standup.yaml`. */
export function packageFile(path: string): URL {
  return new URL(path, MANIFEST);
}
