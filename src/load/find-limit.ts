/** `findLimit`: more bots from level to level until a threshold breaks; the last level that held is the answer. */
import type { LoadReport } from './report.ts';
import { type LoadOptions, runLoad } from './run.ts';

export interface LimitLevel {
  readonly bots: number;
  readonly streams: number;
  readonly ok: boolean;
  readonly report: LoadReport;
}

export interface LimitReport {
  /** Whether any level held. */
  readonly ok: boolean;
  readonly verdict: string;
  /** Bots and streams of the last level that held; 0 when none did. */
  readonly bots: number;
  readonly streams: number;
  readonly levels: readonly LimitLevel[];
}

/** How near to each other the last level that held and the first that did not have to be, as part of the former. */
const PRECISION = 0.1;

/**
 * Doubles the number of bots (from `options.bots` on) until a level fails or `maxBots` is reached, then halves the gap until
 * it is a tenth. `onLevel` is told of each level when it has ended.
 */
export async function findLimit(
  options: LoadOptions & { readonly maxBots?: number | undefined },
  onLevel: (level: LimitLevel) => void = () => {},
): Promise<LimitReport> {
  const { maxBots = 10_000 } = options;
  const levels: LimitLevel[] = [];
  const hold = async (bots: number): Promise<boolean> => {
    const report = await runLoad({ ...options, bots });
    // A level that was broken off says nothing.
    if (report.interrupted) return false;
    const level = { bots, streams: report.streams, ok: report.ok, report };
    levels.push(level);
    onLevel(level);
    return report.ok;
  };
  const interrupted = (): boolean => options.signal?.aborted === true;
  let held = 0;
  let failed: number | undefined;
  for (
    let bots = options.bots ?? 10;
    failed === undefined && !interrupted();
    bots = Math.min(maxBots, bots * 2)
  ) {
    const ok = await hold(bots);
    if (interrupted()) break;
    if (ok) held = bots;
    else failed = bots;
    if (held === maxBots) break;
  }
  // A first level that was too many is approached from below.
  while (failed !== undefined && failed - held > Math.max(1, held * PRECISION) && !interrupted()) {
    const middle = Math.floor((held + failed) / 2);
    if (middle === held) break;
    const ok = await hold(middle);
    if (interrupted()) break;
    if (ok) held = middle;
    else failed = middle;
  }
  const best = levels.findLast(({ bots, ok }) => ok && bots === held);
  const broke = levels.findLast(({ bots }) => bots === failed);
  const untested = interrupted() ? 'interrupted' : `it did not break up to ${maxBots} bots`;
  const reason = broke === undefined ? untested : `${broke.bots} bots broke it: ${broke.report.verdict}`;
  return {
    ok: held > 0,
    verdict: `${held} bots (${best?.streams ?? 0} streams) held; ${reason}`,
    bots: held,
    streams: best?.streams ?? 0,
    levels,
  };
}
