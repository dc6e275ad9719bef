/** How a page is built into dist/web, as one file that needs nothing else. scripts/build-pages.mjs names the pages. */
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { viteSingleFile } from 'vite-plugin-singlefile';

/** Names in a report are whatever somebody typed. Nothing of the page can run but its own script, and nothing is fetched. */
function contentPolicy(): Plugin {
  return {
    name: 'content-policy',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        for (const page of Object.values(bundle)) {
          if (page.type !== 'asset' || !page.fileName.endsWith('.html')) continue;
          page.source = withPolicy(String(page.source), LIVE.includes(page.fileName));
        }
      },
    },
  };
}

/** Pages that talk to their server. What they hear and say is worked on by a script of theirs in a thread of its own. */
const LIVE = ['room.html'];

function withPolicy(html: string, isLive: boolean): string {
  const scripts = [...html.matchAll(/<script type="module"[^>]*>([\s\S]*?)<\/script>/g)];
  if (scripts.length !== 1) throw new Error(`${scripts.length} scripts in a page that should have one`);
  const hash = createHash('sha256').update(scripts[0]![1]!).digest('base64');
  const live = isLive ? { script: ' blob:', more: "; connect-src 'self'" } : { script: '', more: '' };
  const policy = `default-src 'none'; script-src 'sha256-${hash}'${live.script}; style-src 'unsafe-inline'; media-src data:; img-src data:; base-uri 'none'; form-action 'none'${live.more}`;
  return html.replace(
    '<meta charset="utf-8">',
    (charset) => `${charset}\n<meta http-equiv="Content-Security-Policy" content="${policy}">`,
  );
}

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  logLevel: 'warn',
  plugins: [viteSingleFile({ removeViteModuleLoader: true }), contentPolicy()],
  build: {
    outDir: '../dist/web',
    // What has light-dark() and color-mix().
    target: ['chrome123', 'firefox128', 'safari18'],
  },
});
