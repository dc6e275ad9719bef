/** The options of a load test, and what they come to. Finds out what cannot work before a thread is started. */
import { availableParallelism } from 'node:os';
import { readFaults, scenarioFaults } from '../emulator/faults/read.ts';
import {
  checkSendOptions,
  type FaultOptions,
  sendSettings,
  type TargetOptions,
} from '../emulator/options.ts';
import { SAMPLE_RATE } from '../protocol/pcm.ts';
import { checkRange, DAY_SECONDS, MEETING_SECONDS, PEOPLE, type Range } from '../range.ts';
import { openMeeting } from '../scenario/open.ts';
import { readTarget } from '../target.ts';
import { BOTS, LOAD_DEFAULTS } from './defaults.ts';
import type { WorkerOptions } from './messages.ts';
import type { LoadSecond } from './report.ts';

/** Options of `runLoad`. */
export interface LoadOptions extends TargetOptions, FaultOptions {
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
  /** A scenario file, a capture or a built-in name that every bot plays, in place of `participants` and `durationSeconds`. */
  readonly scenario?: string | undefined;
  /** Threads; default one less than there are cores, for the receiver's sake, and at least one. */
  readonly workers?: number | undefined;
  /** Such as `lateness_p99<20ms,dropped=0`. */
  readonly thresholds?: string | undefined;
  readonly seed?: number | undefined;
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

export interface LoadSettings {
  readonly worker: Omit<WorkerOptions, 'bots'>;
  /** The bots of each worker. */
  readonly shares: readonly (readonly number[])[];
  /** Of each meeting: the scenario's own when there is one. */
  readonly durationSeconds: number;
  /** Over all bots. */
  readonly streams: number;
}

const PING_EVERY: Range = { min: 0.01, max: DAY_SECONDS, unit: 's' };
const WORKERS: Range = { min: 1, max: 256, whole: true };
/** Bots begin one after the other over a tenth of the meeting, and no longer than this. */
const MAX_RAMP_SECONDS = 10;

/** Throws a `UsageError` or an `InvalidInputError` for options and files that cannot be used. */
export async function loadSettings(options: LoadOptions): Promise<LoadSettings> {
  const {
    bots = LOAD_DEFAULTS.bots,
    participants = LOAD_DEFAULTS.participants,
    pingEverySeconds = LOAD_DEFAULTS.pingEverySeconds,
  } = options;
  const to = readTarget(options.to, 'websocket');
  checkSendOptions(options);
  readFaults(options.faults);
  checkRange('invalid_bots', 'bots', bots, BOTS);
  checkRange('invalid_participants', 'participants', participants, PEOPLE);
  checkRange('invalid_ping_every', 'pingEverySeconds', pingEverySeconds, PING_EVERY);
  const meeting = await meetingOf(options, participants);
  const { durationSeconds } = meeting;
  const rampSeconds = options.rampSeconds ?? Math.min(MAX_RAMP_SECONDS, durationSeconds / 10);
  const workers = Math.min(bots, options.workers ?? Math.max(1, availableParallelism() - 1));
  checkRange('invalid_ramp', 'rampSeconds', rampSeconds, { min: 0, max: DAY_SECONDS, unit: 's' });
  checkRange('invalid_workers', 'workers', workers, WORKERS);
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
      scenario: options.scenario,
      seed: options.seed ?? LOAD_DEFAULTS.seed,
      headers: options.headers ?? {},
      secret: options.secret,
      send: sendSettings(options),
      faults: options.faults ?? [],
      pingEverySeconds,
    },
  };
}
/** Every worker reads the scenario for itself. What is wrong with it, or with its audio, is told once, here. */
async function meetingOf(
  { scenario, durationSeconds = LOAD_DEFAULTS.durationSeconds }: LoadOptions,
  participants: number,
): Promise<{ durationSeconds: number; streams: number }> {
  if (scenario === undefined) {
    checkRange('invalid_duration', 'durationSeconds', durationSeconds, MEETING_SECONDS);
    return { durationSeconds, streams: participants };
  }
  const { durationSamples, streams, faults } = (await openMeeting(scenario)).timeline;
  scenarioFaults(faults);
  return { durationSeconds: durationSamples / SAMPLE_RATE, streams: streams.length };
}
