/** What a load test's threads tell each other. Histograms travel as text. */
import type { CountedDiagnosis } from '../diagnose/tally.ts';
import type { Failures } from '../emulator/failure-tally.ts';
import type { DropReason } from '../emulator/ledger.ts';
import type { FaultOptions, SendSettings } from '../emulator/options.ts';
import type { ErrorData } from '../errors.ts';

/** What every worker does; `bots` is a worker's own share. */
export interface WorkerOptions {
  readonly to: string;
  /** Bots by their numbers in the whole test. */
  readonly bots: readonly number[];
  readonly totalBots: number;
  readonly participants: number;
  readonly durationSeconds: number;
  readonly rampSeconds: number;
  readonly scenario: string | undefined;
  readonly seed: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly secret: string | undefined;
  readonly send: SendSettings;
  readonly faults: NonNullable<FaultOptions['faults']>;
  readonly pingEverySeconds: number;
}

/** Running totals of one worker. */
export interface WorkerTotals {
  readonly streams: number;
  readonly openConnections: number;
  readonly connections: number;
  readonly scheduled: number;
  readonly sent: number;
  readonly injected: number;
  readonly inDoubt: number;
  readonly dropped: Readonly<Record<DropReason, number>>;
  readonly bytes: number;
  /** Milliseconds during which sockets had no room, summed over connections. */
  readonly blockedMs: number;
  readonly maxBacklogBytes: number;
  readonly retries: number;
  readonly failedBots: number;
  /** Connections that have closed, by their code. */
  readonly closes: Readonly<Record<string, number>>;
  readonly failures: Failures;
  /** Part of the time in which the thread was busy, 0 to 1, since the last message. */
  readonly utilization: number;
}

export interface WorkerHistograms {
  readonly lateness: string;
  readonly connect: string;
  readonly ping: string;
  readonly eventLoopDelay: string;
}

export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly totals: WorkerTotals; readonly intervalLateness: string }
  | {
      readonly kind: 'done';
      readonly totals: WorkerTotals;
      readonly histograms: WorkerHistograms;
      readonly diagnoses: readonly CountedDiagnosis[];
    }
  /** Its last words: a scenario or an audio file that is not what it was. */
  | { readonly kind: 'refused'; readonly refusal: ErrorData };

export type ToWorker = { readonly kind: 'start' } | { readonly kind: 'stop' };
