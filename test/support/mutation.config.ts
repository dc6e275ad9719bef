/**
 * What `npm run mutate` runs. Stryker has to know which tests reach which line, so tests that run side by side and tests of
 * processes of their own are left out.
 */
import { configDefaults, mergeConfig } from 'vitest/config';
import base from '../../vitest.config.ts';

// biome-ignore lint/style/noDefaultExport: vitest reads it
export default mergeConfig(base, {
  test: {
    exclude: [...configDefaults.exclude, 'test/chaos/**', 'test/e2e/**', 'test/artillery/**', 'test/load/**'],
  },
});
