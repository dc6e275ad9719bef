/**
 * The tests that `npm run mutate` runs: those of the emulator and the server. Stryker has to know which test reaches which line, so
 * those that run side by side (chaos) or in processes of their own (e2e) are left out.
 */
import base from '../../vitest.config.ts';

// biome-ignore lint/style/noDefaultExport: vitest reads it
export default {
  ...base,
  test: {
    ...base.test,
    projects: undefined,
    maxWorkers: '100%',
    include: [
      'test/emulator/**/*.test.ts',
      'test/server/**/*.test.ts',
      'test/properties/**/*.test.ts',
      'test/*.test.ts',
    ],
  },
};
