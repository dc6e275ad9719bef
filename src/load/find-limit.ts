/** `findLimit`: more bots from level to level until a threshold breaks; the last level that held is the answer. */

import { UsageError } from '../errors.ts';
import { checkRange } from '../range.ts';
import { countOf } from '../words.ts';
import { BOTS, LOAD_DEFAULTS } from './defaults.ts';
import type { LoadReport } from './report.ts';
import { runLoad } from './run.ts';
import type { LoadOptions } from './settings.ts';

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
  readonly interrupted: boolean;
  /** Whose limit it was, as the report of the first level that failed has it. */
  readonly bottleneck: LoadReport['bottleneck'];
  /** Bots and streams of the last level that held; 0 when none did. */
  readonly bots: number;
  readonly streams: number;
  readonly levels: readonly LimitLevel[];
}

/** How near to each other the last level that held and the first that did not have to be, as part of the former. */
const PRECISION = 0.1;

/**
 * Doubles the number of bots (from `options.bots` on) until a level fails or `maxBots` is reached, then halves the gap until
 * it is a tenth. `onLevel` is told of each level when it has ended. Rejects as `runLoad`.
 */
export async function findLimit(
  options: LoadOptions & { readonly maxBots?: number | undefined },
  onLevel: (level: LimitLevel) => void = () => {},
): Promise<LimitReport> {
  const { first, maxBots } = range(options);
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
  for (let bots = first; failed === undefined && !interrupted(); bots = Math.min(maxBots, bots * 2)) {
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
  const streams = best?.streams ?? 0;
  const untested = interrupted() ? 'interrupted' : `it did not break up to ${countOf(maxBots, 'bot')}`;
  const reason =
    broke === undefined ? untested : `${countOf(broke.bots, 'bot')} broke it: ${broke.report.verdict}`;
  return {
    ok: held > 0,
    verdict: `${countOf(held, 'bot')} (${countOf(streams, 'stream')}) held; ${reason}`,
    interrupted: interrupted(),
    bottleneck: broke?.report.bottleneck ?? 'none',
    bots: held,
    streams,
    levels,
  };
}

/** Throws a `UsageError`. */
function range(options: { readonly bots?: number | undefined; readonly maxBots?: number | undefined }): {
  first: number;
  maxBots: number;
} {
  const { maxBots = LOAD_DEFAULTS.maxBots } = options;
  checkRange('invalid_max_bots', 'maxBots', maxBots, BOTS);
  const first = options.bots ?? Math.min(LOAD_DEFAULTS.bots, maxBots);
  if (first > maxBots) {
    throw new UsageError('invalid_max_bots', `The search begins at ${first} bots and ends at ${maxBots}.`, {
      hint: 'Give a `maxBots` that is not below `bots`.',
    });
  }
  return { first, maxBots };
}
