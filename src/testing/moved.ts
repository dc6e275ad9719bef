/** What another door has now: whoever still asks for it here is told where it is. To go in version 0.3. */
import { UsageError } from '../errors.ts';

const refuse = (): never => {
  throw new UsageError('moved', 'meetingTest is in recall-emulator/vitest now.', {
    hint: "Import it from there: import { meetingTest } from 'recall-emulator/vitest'.",
  });
};

/** @deprecated Import it from `recall-emulator/vitest`: this door wants no test runner. Any use throws a `UsageError`. */
export const meetingTest = new Proxy(refuse, { get: refuse }) as never;
