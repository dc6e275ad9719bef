import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/build.ts'],
    // Real sockets and property runs share two cores in CI: generous, never a timing assertion.
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
