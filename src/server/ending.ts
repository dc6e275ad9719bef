/**
 * How a server ends: no new bots, every call ends in order, what does not end in time is ended at once, and then everything
 * that was held is given back. No receiver, webhook or stopped clock makes it wait longer.
 */
import type { Clock } from '../emulator/clock.ts';
import type { ActivityLog } from './activity.ts';
import type { Folder } from './persistence.ts';
import type { Webhooks } from './webhooks.ts';
import type { Workspace } from './workspace.ts';

/** Wall milliseconds for receivers to close, and for webhooks that say so. */
const IN_ORDER_MS = 5_000;
/** The last webhooks have at least this. */
const LAST_WEBHOOKS_MS = 1_000;
const AT_ONCE_MS = 2_000;

export interface Ending {
  readonly workspace: Workspace;
  readonly webhooks: Webhooks;
  readonly folder: Folder;
  readonly clock: Clock;
  readonly activity: ActivityLog;
}

export async function end({ workspace, webhooks, folder, clock, activity }: Ending): Promise<void> {
  const within = (ms: number, work: Promise<void>): Promise<boolean> =>
    new Promise((resolve) => {
      const cancel = clock.afterWall(ms, () => resolve(false));
      work
        .catch((error: Error) => activity.add('warning', `defect: ${error.stack ?? error.message}`))
        .then(() => {
          cancel();
          resolve(true);
        });
    });
  const started = performance.now();
  if (!(await within(IN_ORDER_MS, workspace.hangUp())))
    activity.add('warning', `not all connections closed within ${IN_ORDER_MS / 1_000} s: they end now`);
  const leftMs = IN_ORDER_MS - (performance.now() - started);
  await within(Math.max(LAST_WEBHOOKS_MS, leftMs), webhooks.idle());
  await within(AT_ONCE_MS, workspace.close());
  webhooks.close();
  await folder.close();
}
