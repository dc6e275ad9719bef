/** The options of a load test, and what they come to. Finds out what cannot work before a thread is started. */
import { availableParallelism } from 'node:os';
import type { ConnectionMode } from '../emulator/endpoint.ts';
import { frameSamples } from '../emulator/frames.ts';
import { UsageError } from '../errors.ts';
import { SAMPLE_RATE } from '../protocol/pcm.ts';
import { signRequest } from '../protocol/signing.ts';
import { compileScenario } from '../scenario/compile.ts';
import { loadScenario } from '../scenario/load.ts';
import { checkHeaders, readTarget } from '../target.ts';
import type { WorkerOptions } from './messages.ts';
import type { LoadSecond } from './report.ts';

/** Options of `runLoad`. */
export interface LoadOptions {
  /** `ws://` or `wss://` URL of the receiver. */
  readonly to: string;
  /** Meetings at the same time; default 10. */
  readonly bots?: number | undefined;
  /** Of each meeting, all of them unmuted and talking; default 4. */
  readonly participants?: number | undefined;
  /** Of each meeting; default 60. */
  readonly durationSeconds?: number | undefined;
  /** Bots begin one after the other over this long; default a tenth of the duration, at most 10 s. */
  readonly rampSeconds?: number | undefined;
  readonly frameMs?: number | readonly number[] | undefined;
  /** A scenario file that every bot plays, in place of `participants` and `durationSeconds`. */
  readonly scenario?: string | undefined;
  /** Threads; default one less than there are cores, for the receiver's sake, and at least one. */
  readonly workers?: number | undefined;
  readonly connections?: ConnectionMode | undefined;
  /** Such as `lateness_p99<20ms,dropped=0`. */
  readonly thresholds?: string | undefined;
  readonly seed?: number | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly secret?: string | undefined;
  readonly insecure?: boolean | undefined;
  readonly retryAttempts?: number | undefined;
  readonly retryIntervalSeconds?: number | undefined;
  readonly maxBacklogBytes?: number | undefined;
  /** Default 5. */
  readonly pingEverySeconds?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Once a second. */
  readonly onSecond?: ((second: LoadSecond, totals: LoadTotals) => void) | undefined;
}

/** Running totals over all workers. */
export interface LoadTotals {
  readonly streams: number;
  readonly openConnections: number;
  readonly scheduled: number;
  readonly sent: number;
  readonly dropped: number;
  readonly bytes: number;
  readonly failedBots: number;
}

const MIB = 1024 * 1024;

export interface LoadSettings {
  readonly worker: Omit<WorkerOptions, 'bots'>;
  /** The bots of each worker. */
  readonly shares: readonly (readonly number[])[];
  /** Of each meeting: the scenario's own when there is one. */
  readonly durationSeconds: number;
  /** Over all bots. */
  readonly streams: number;
}

/** Throws a `UsageError` or an `InvalidInputError` for options and files that cannot be used. */
export async function loadSettings(options: LoadOptions): Promise<LoadSettings> {
  const { bots = 10, participants = 4, scenario, secret, headers = {} } = options;
  const to = readTarget(options.to, 'websocket');
  checkHeaders(headers);
  if (secret !== undefined) signRequest({ secret, id: 'msg_check', timestampSeconds: 0 });
  const frameMs = typeof options.frameMs === 'number' ? [options.frameMs] : (options.frameMs ?? [100]);
  frameSamples(frameMs);
  const meeting =
    scenario === undefined
      ? { durationSeconds: options.durationSeconds ?? 60, streams: participants }
      : await measureScenario(scenario);
  const { durationSeconds } = meeting;
  const rampSeconds = options.rampSeconds ?? Math.min(10, durationSeconds / 10);
  const workers = Math.min(bots, options.workers ?? Math.max(1, availableParallelism() - 1));
  const retryAttempts = options.retryAttempts ?? 30;
  const retryIntervalSeconds = options.retryIntervalSeconds ?? 3;
  const maxBacklogBytes = options.maxBacklogBytes ?? MIB;
  const pingEverySeconds = options.pingEverySeconds ?? 5;
  checkCount('bots', bots, 1, MAX_BOTS);
  checkCount('participants', participants, 1, 1_000);
  if (scenario === undefined) checkRange('duration', durationSeconds, 1, DAY_SECONDS);
  checkRange('ramp', rampSeconds, 0, DAY_SECONDS);
  checkCount('workers', workers, 1, 256);
  checkCount('retry_attempts', retryAttempts, 0, 1_000_000);
  checkRange('retry_interval', retryIntervalSeconds, 0, DAY_SECONDS);
  checkRange('max_backlog', maxBacklogBytes, 0, 1024 ** 3);
  checkRange('ping_every', pingEverySeconds, 0.01, DAY_SECONDS);
  return {
    durationSeconds,
    streams: meeting.streams * bots,
    shares: Array.from({ length: workers }, (_, worker) =>
      Array.from({ length: bots }, (__, bot) => bot).filter((bot) => bot % workers === worker),
    ),
    worker: {
      to,
      totalBots: bots,
      participants,
      durationSeconds,
      rampSeconds,
      frameMs,
      scenario,
      connections: options.connections ?? 'per-participant',
      seed: options.seed ?? 1,
      headers,
      secret,
      insecure: options.insecure ?? false,
      retryAttempts,
      retryIntervalSeconds,
      maxBacklogBytes,
      pingEverySeconds,
    },
  };
}

/** More bots than a machine has ports for. */
export const MAX_BOTS = 100_000;
const DAY_SECONDS = 86_400;

/** Every worker reads the scenario for itself. What is wrong with it, or with its audio, is told once, here. */
async function measureScenario(file: string): Promise<{ durationSeconds: number; streams: number }> {
  const { durationSamples, streams } = await compileScenario(await loadScenario(file));
  return { durationSeconds: durationSamples / SAMPLE_RATE, streams: streams.length };
}

/** Throws a `UsageError` (`invalid_<name>`). */
function checkRange(name: string, value: number, min: number, max: number): void {
  if (value >= min && value <= max) return;
  throw new UsageError(`invalid_${name}`, `${value} is not possible for ${name.replaceAll('_', ' ')}.`, {
    hint: `It goes from ${min} to ${max}.`,
  });
}

/** The same for what is counted. */
export function checkCount(name: string, value: number, min: number, max: number): void {
  checkRange(name, value, min, max);
  if (Number.isInteger(value)) return;
  throw new UsageError(`invalid_${name}`, `${value} is not possible for ${name.replaceAll('_', ' ')}.`, {
    hint: 'Give a whole number.',
  });
}
