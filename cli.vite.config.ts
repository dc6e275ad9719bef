/**
 * Puts the command line, with what it needs to start, into a few files of dist/command: Node reads them in half the time of the
 * hundreds of modules that they are made of (`npm run bench`). It begins with what tsc wrote, so that both are the same program.
 */
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const inPackage = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** zod's messages in fifty languages, which nobody asks for. */
const withoutLocales: Plugin = {
  name: 'without-locales',
  load: (id) => (/zod\/v4\/locales\/index\.js$/.test(id) ? 'export {};' : undefined),
};

export default defineConfig({
  logLevel: 'warn',
  plugins: [withoutLocales],
  ssr: {
    noExternal: true,
    // What few runs need, and finds its own files: WASM, workers. Loaded from node_modules when its moment comes.
    external: [
      '@faker-js/faker',
      'fast-png',
      'mediabunny',
      'mpg123-decoder',
      'node-forge',
      'opus-decoder',
      'wasm-media-encoders',
      'wavefile',
    ],
  },
  build: {
    ssr: true,
    target: 'node20.19',
    outDir: 'dist/command',
    license: { fileName: 'licenses.md' },
    rolldownOptions: {
      // Of hdr-histogram-js, and never reached.
      checks: { eval: false },
      // It takes out calls whose results nobody uses, such as a decodeURIComponent that is there to throw.
      treeshake: false,
      input: {
        main: inPackage('dist/cli/main.js'),
        // Threads of `load` look for it beside themselves.
        worker: inPackage('dist/load/worker.js'),
      },
      output: {
        entryFileNames: '[name].js',
        chunkFileNames: '[name]-[hash].js',
        // Less to scan, but names stay: people read the stack trace in a report of a defect.
        minify: { compress: false, mangle: false, codegen: true },
        codeSplitting: {
          groups: [
            // What all commands need, and what most of them do, each in one file. The rest is split as it is loaded.
            { name: 'start', test: /dist\/cli\/program\.js$/, priority: 2 },
            { name: 'play', test: /dist\/(play|cli\/(display|summary))\.js$/, priority: 1 },
          ],
        },
      },
    },
  },
});
