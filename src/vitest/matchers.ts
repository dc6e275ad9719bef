/** `import 'recall-emulator/vitest/matchers'` registers the matchers with vitest. */
import { expect } from 'vitest';
import { type RecallMatchers, recallMatchers } from '../testing/matchers.ts';

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: the declaration has to be as vitest's own
  interface Matchers<T = any> extends RecallMatchers<T> {}
}

expect.extend(recallMatchers);
