import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/build.ts'],
    // Tests wait more than they work: a worker for every core, not for all but one.
    maxWorkers: '100%',
    // Real sockets and property runs share two cores in CI: generous, never a timing assertion.
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
