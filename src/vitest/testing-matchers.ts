/** `recall-emulator/testing/matchers`, as `recall-emulator/vitest/matchers` was called before. To go in version 0.3. */
import './matchers.ts';

process.emitWarning(
  "recall-emulator/testing/matchers is now recall-emulator/vitest/matchers. Change the import: import 'recall-emulator/vitest/matchers'.",
  { type: 'DeprecationWarning', code: 'RECALL_DEP0001' },
);
