/**
 * Builds every page of web/ into dist/web. A page is one file with all that it needs, which Vite can make of one page at a time only:
 * what two pages share would be a third file.
 */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

// Tests build, too, and have another: pages of theirs would name the files that they come from.
process.env.NODE_ENV = 'production';

const web = fileURLToPath(new URL('../web/', import.meta.url));
const pages = readdirSync(web).filter((name) => name.endsWith('.html'));
for (const [index, page] of pages.entries()) {
  await build({
    configFile: `${web}vite.config.ts`,
    build: { emptyOutDir: index === 0, rolldownOptions: { input: web + page } },
  });
}
