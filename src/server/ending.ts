/**
 * How a server ends: no new bots, every call ends in order, what does not end in time is ended at once, and then everything
 * that was held is given back. No receiver, webhook or stopped clock makes it wait longer.
 */
import type { Clock } from '../emulator/clock.ts';
import type { KeyedWorkspace, Workspaces } from './api/workspaces.ts';
import type { ActivityLog } from './store/activity.ts';
import type { Folder } from './store/data-folder.ts';

/** Wall seconds for receivers to close, and for webhooks that say so. */
const IN_ORDER_SECONDS = 5;
/** The part of it that the last webhooks have at least. */
const LAST_WEBHOOKS = 0.2;
const AT_ONCE_MS = 2_000;

export interface Ending {
  readonly workspaces: Workspaces;
  readonly folder: Folder;
  readonly clock: Clock;
  readonly activity: ActivityLog;
  /** Wall seconds in which everything may end in order. */
  readonly seconds: number | undefined;
}

export async function end(ending: Ending): Promise<void> {
  const { workspaces, folder, clock, activity, seconds = IN_ORDER_SECONDS } = ending;
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
  workspaces.end();
  const all = workspaces.all();
  const each = async (work: (of: KeyedWorkspace) => Promise<void>): Promise<void> => {
    await Promise.all(all.map(work));
  };
  for (const { webhooks } of all) webhooks.releaseTime();
  if (
    !(await within(
      seconds * 1_000,
      each(({ workspace }) => workspace.hangUp()),
    ))
  )
    activity.add('warning', `not all connections closed within ${seconds} s: they end now`);
  const leftMs = seconds * 1_000 - (performance.now() - started);
  await within(
    Math.max(seconds * 1_000 * LAST_WEBHOOKS, leftMs),
    each(({ webhooks }) => webhooks.idle()),
  );
  await within(
    AT_ONCE_MS,
    each(({ workspace }) => workspace.close()),
  );
  for (const { webhooks } of all) webhooks.close();
  await folder.close();
}
