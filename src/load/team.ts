/**
 * The threads of one load test. They start together and end together: when one of them cannot start, dies or finds an input
 * that it cannot use, the others end, too. Knows nothing of what they measure.
 */
import { Worker } from 'node:worker_threads';
import type { CountedDiagnosis } from '../diagnose/tally.ts';
import { EmulatorError, type ErrorData, fromErrorData } from '../errors.ts';
import { plainText } from '../plain-text.ts';
import type { FromWorker, ToWorker, WorkerHistograms, WorkerOptions, WorkerTotals } from './messages.ts';

/** Bots that were told to end close their connections for at most 5 s each; threads that take longer are ended. */
const STOP_MS = 10_000;

const SCRIPT = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);

type Ending =
  | {
      readonly kind: 'done';
      readonly histograms: WorkerHistograms;
      readonly diagnoses: readonly CountedDiagnosis[];
    }
  | { readonly kind: 'refused'; readonly refusal: ErrorData }
  | { readonly kind: 'died'; readonly why: string };

type Failure = Exclude<Ending, { kind: 'done' }>;

export interface TeamOptions {
  /** One thread each. */
  readonly shares: readonly WorkerOptions[];
  readonly signal?: AbortSignal | undefined;
  /** What the threads run; tests have their own. */
  readonly script?: URL | undefined;
  /** How long threads may take to end after they were told to. */
  readonly stopMs?: number | undefined;
}

/** One thread, from its start to its end. */
class Member {
  /** The last it told. */
  totals: WorkerTotals | undefined;
  /** Lateness since the report before, until somebody takes it. */
  interval: string | undefined;
  ending: Ending | undefined;
  onProgress: () => void = () => {};
  /** Resolves when it can start. Rejects with an `EmulatorError` when it never will. */
  readonly ready: Promise<void>;
  /** Never rejects. */
  readonly ended: Promise<Ending>;
  readonly #worker: Worker;

  constructor(script: URL, options: WorkerOptions) {
    const worker = new Worker(script, { workerData: options });
    this.#worker = worker;
    this.ended = new Promise((resolve) => {
      const end = (ending: Ending): void => {
        this.ending ??= ending;
        resolve(this.ending);
      };
      worker.on('message', (message: FromWorker) => {
        if (message.kind === 'refused') end(message);
        if (message.kind === 'progress' || message.kind === 'done') this.totals = message.totals;
        if (message.kind === 'done') end(message);
        if (message.kind === 'progress') {
          this.interval = message.intervalLateness;
          this.onProgress();
        }
      });
      worker.once('error', (error) => end({ kind: 'died', why: plainText(error.message) }));
      worker.once('exit', (code) => end({ kind: 'died', why: `it ended with exit code ${code}` }));
    });
    this.ready = new Promise((resolve, reject) => {
      worker.on('message', (message: FromWorker) => {
        if (message.kind === 'ready') resolve();
      });
      void this.ended.then((ending) => {
        if (ending.kind !== 'done') reject(errorOf(ending));
      });
    });
  }

  say(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }
}

export class Team {
  readonly members: readonly Member[];
  readonly #stopMs: number;

  /**
   * Starts all threads. Resolves with undefined when the signal aborts before they are ready. Rejects with an `EmulatorError`
   * when one cannot start. No thread is left over then.
   */
  static async start({
    shares,
    signal,
    script = SCRIPT,
    stopMs = STOP_MS,
  }: TeamOptions): Promise<Team | undefined> {
    if (signal?.aborted === true) return undefined;
    const team = new Team(
      shares.map((options) => new Member(script, options)),
      stopMs,
    );
    let onAbort = (): void => {};
    const aborted = new Promise<'aborted'>((resolve) => {
      onAbort = () => resolve('aborted');
    });
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      const outcome = await Promise.race([Promise.all(team.members.map(({ ready }) => ready)), aborted]);
      if (outcome !== 'aborted') return team;
      await team.close();
      return undefined;
    } catch (error) {
      await team.close();
      throw error;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  private constructor(members: readonly Member[], stopMs: number) {
    this.members = members;
    this.#stopMs = stopMs;
  }

  /**
   * Plays until all have ended; an abort ends them early. When one dies or finds an input that it cannot use, the others end, and
   * this resolves with the reason. Never rejects.
   */
  async play(signal: AbortSignal | undefined): Promise<string | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const stop = (): void => {
      timer ??= setTimeout(() => this.close(), this.#stopMs);
      for (const member of this.members) member.say({ kind: 'stop' });
    };
    signal?.addEventListener('abort', stop, { once: true });
    try {
      for (const member of this.members) member.say({ kind: 'start' });
      if (signal?.aborted === true) stop();
      let first: Failure | undefined;
      await Promise.all(
        this.members.map(async ({ ended }) => {
          const ending = await ended;
          // Whoever is ended because another failed is not the reason. Neither is one that had to be ended by force.
          if (ending.kind === 'done' || timer !== undefined) return;
          first = ending;
          stop();
        }),
      );
      return first && reasonOf(first);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    }
  }

  /** Ends every thread at once. Safe to call twice. */
  async close(): Promise<void> {
    await Promise.all(this.members.map((member) => member.terminate()));
  }
}

/** Without its full stop. */
function reasonOf(failure: Failure): string {
  if (failure.kind === 'died') return `a thread of this load test died (${failure.why})`;
  return plainText(failure.refusal.message).replace(/\.$/, '');
}

function errorOf(ending: Failure): EmulatorError {
  if (ending.kind === 'refused') return fromErrorData(ending.refusal);
  return new EmulatorError('worker_failed', `A thread of the load test could not start: ${ending.why}.`, {
    hint: 'Give fewer bots or workers, or more memory.',
  });
}
