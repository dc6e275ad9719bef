/** The door for programs: the cases and all that judges them come with the first call, not with `import 'recall-emulator'`. */
import type { CheckOptions } from './options.ts';
import type { CheckReport } from './report.ts';

/**
 * Resolves with the report, also when the receiver failed (`ok` is false then). Rejects with a `UsageError` for options that
 * cannot be used and for a receiver that cannot be reached or started.
 */
export async function check(options: CheckOptions): Promise<CheckReport> {
  const room = await import('./check.ts');
  return room.check(options);
}
