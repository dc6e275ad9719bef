/** The pages that `web/` is built into, for whoever puts something into one. */
import { readFile } from 'node:fs/promises';
import { EmulatorError } from './errors.ts';
import { packageFile } from './package-files.ts';

/** The HTML of a page, by its name: `report`. Rejects with an `EmulatorError` (`page_missing`) where the package was not built. */
export async function builtPage(name: string): Promise<string> {
  try {
    return await readFile(packageFile(`dist/web/${name}.html`), 'utf8');
  } catch (cause) {
    throw new EmulatorError('page_missing', 'A page is not in this installation.', {
      hint: 'Install the package again; in a clone of the project, npm run build makes it.',
      cause,
    });
  }
}
