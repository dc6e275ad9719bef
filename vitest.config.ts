import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/**
 * What `npm test` leaves out, and `npm run test:all` has: three quarters of the seconds are in these files. They try wholes (processes,
 * hundreds of random meetings, receivers with every mistake there is, many bots), of which the other files try the parts.
 */
const LONG = [
  'test/bench.test.ts',
  'test/chaos/**/*.test.ts',
  'test/check/{causes,check,compare,mistakes}.test.ts',
  'test/check/cases/**/*.test.ts',
  'test/check/oracle/**/*.test.ts',
  'test/check/receivers/**/*.test.ts',
  'test/check/witnesses/**/*.test.ts',
  'test/cli/{load,trigger}.test.ts',
  'test/consumers.test.ts',
  'test/diagnose/{load,receivers,witnesses}.test.ts',
  'test/e2e/**/*.test.ts',
  'test/emulator/faults/faults.test.ts',
  'test/load/**/*.test.ts',
  'test/package.test.ts',
  'test/properties/**/*.test.ts',
  'test/server/commands.test.ts',
  'test/server/webhooks/webhooks.test.ts',
  'test/testing/check-receiver.test.ts',
];

const CORES = availableParallelism();

export default defineConfig({
  test: {
    globalSetup: ['test/support/build.ts'],
    // Files of a worker share its modules: loading them anew for every file took as long as most files. A test puts back what it
    // changes of the process.
    isolate: false,
    // Real sockets and property runs share two cores in CI: generous, never a timing assertion.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'quick',
          include: ['test/**/*.test.ts'],
          exclude: LONG,
          // These wait now and then: with a worker for each core a third of the machine has nothing to do. With two of them for each,
          // what goes by the clock comes too late.
          maxWorkers: CORES + 1,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        // Much of this goes by the clock, and most of it works: with more workers than cores receivers come too late.
        test: { name: 'long', include: LONG, maxWorkers: CORES, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
