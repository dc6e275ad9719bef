/** The app that bots are to call may need a moment to start: calls begin when it answers, and not before. */
import type { Clock } from '../emulator/clock.ts';
import { redactTarget } from '../target.ts';
import type { ActivityLog } from './store/activity.ts';

const POLL_MS = 100;
/** An answer takes no longer, or is none. */
const ANSWER_MS = 5_000;
/** How often it is told that the app has not answered yet. */
const TELL_MS = 30_000;

export class AppGate {
  readonly #url: string | undefined;
  readonly #activity: ActivityLog;
  readonly #waiting: (() => void)[] = [];
  readonly #ended = new AbortController();
  #isOpen: boolean;
  /** Why the app is not ready. */
  #problem = 'was not asked yet';

  /** `url`: where the app answers once it is ready; open at once without one. */
  constructor(url: string | undefined, clock: Clock, activity: ActivityLog) {
    this.#url = url;
    this.#activity = activity;
    this.#isOpen = url === undefined;
    if (url !== undefined) void this.#watch(url, clock);
  }

  /** Runs `start` once the app is ready: now, if it is. */
  whenReady(start: () => void): void {
    if (this.#isOpen) start();
    else this.#waiting.push(start);
  }

  /** What still waits does not start any more, and that is told. */
  close(): void {
    this.#ended.abort();
    if (this.#waiting.length > 0)
      this.#activity.add('warning', `bots never started: ${redactTarget(this.#url!)} ${this.#problem}`);
    this.#waiting.length = 0;
  }

  async #watch(url: string, clock: Clock): Promise<void> {
    const { signal } = this.#ended;
    let toldAt = performance.now();
    for (;;) {
      const problem = await problemAt(url, signal);
      if (signal.aborted) return;
      if (problem === undefined) break;
      this.#problem = problem;
      if (performance.now() - toldAt >= TELL_MS) {
        toldAt = performance.now();
        this.#activity.add('warning', `no bot starts yet: ${redactTarget(url)} ${problem}`);
      }
      await new Promise<void>((resolve) => clock.afterWall(POLL_MS, resolve));
    }
    this.#isOpen = true;
    for (const start of this.#waiting.splice(0)) start();
  }
}

/** Undefined when it is ready: whoever redirects, or has no such page, listens. With a 5xx apps say that they are not. */
async function problemAt(url: string, ended: AbortSignal): Promise<string | undefined> {
  try {
    const signal = AbortSignal.any([ended, AbortSignal.timeout(ANSWER_MS)]);
    const { status, body } = await fetch(url, { redirect: 'manual', signal });
    await body?.cancel();
    return status < 500 ? undefined : `answers ${status}`;
  } catch (error) {
    const { cause, name } = error as Error;
    if (name === 'TimeoutError') return `gives no answer in ${ANSWER_MS / 1_000} s`;
    const { code, message } = (cause ?? error) as NodeJS.ErrnoException;
    return `cannot be reached (${code ?? message})`;
  }
}
