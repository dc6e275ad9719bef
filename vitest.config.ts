import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/build.ts'],
    // Tests wait more than they work: a worker for every core, not for all but one.
    maxWorkers: '100%',
    // Files of a worker share its modules: loading them anew for every file took as long as most files. A test puts back what it
    // changes of the process.
    isolate: false,
    // Real sockets and property runs share two cores in CI: generous, never a timing assertion.
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
