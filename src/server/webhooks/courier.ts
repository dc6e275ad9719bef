/** Takes webhooks to their URLs, one request an attempt, and holds virtual time meanwhile. Decides nothing about what comes next. */
import { setMaxListeners } from 'node:events';
import type { Clock } from '../../emulator/clock.ts';
import { signRequest } from '../../protocol/signing.ts';
import { type DeliveryAttempt, type Job, MAX_LOG } from './delivery.ts';
import { type PostResult, post } from './http-post.ts';

export interface CourierOptions {
  readonly clock: Clock;
  readonly now: () => string;
  /** Status webhooks carry `svix-*` headers, as for workspaces made before 2025-12-15. */
  readonly legacySignatures: boolean;
  readonly insecure: boolean;
  /** Whether this URL may be called at all. */
  readonly mayCall: (url: string) => boolean;
  readonly timeoutMs: number;
}

export class Courier {
  readonly #options: CourierOptions;
  /** URLs that let the time pass when they were last called. */
  readonly #silent = new Set<string>();
  /** What stops virtual time, one for each attempt that does. */
  readonly #holds = new Set<() => void>();
  readonly #abort = new AbortController();
  #underWay = 0;
  #onIdle: (() => void)[] = [];
  #holdsTime = true;

  constructor(options: CourierOptions) {
    this.#options = options;
    // One for each attempt under way.
    setMaxListeners(0, this.#abort.signal);
  }

  get closed(): boolean {
    return this.#abort.signal.aborted;
  }

  /**
   * Begins at once, in the same turn: virtual time does not wait for promises. `onAttempted` is called when it is over, and time
   * goes on after it; never, when the courier is closed before.
   */
  attempt(job: Job, onAttempted: (attempt: DeliveryAttempt) => void): void {
    const { url } = job.destination;
    const at = this.#options.now();
    const started = performance.now();
    const release = this.#hold(url);
    job.underWay = true;
    this.#underWay++;
    void this.#post(job).then((outcome) => {
      job.underWay = false;
      this.#underWay--;
      if (!this.closed) {
        const duration_ms = Math.round(performance.now() - started);
        const status = 'status' in outcome ? outcome.status : null;
        const error = 'error' in outcome ? outcome.error : null;
        this.#noteSilence(url, outcome);
        onAttempted({ at, status, error, duration_ms });
      }
      release();
      if (this.#underWay === 0) for (const resolve of this.#onIdle.splice(0)) resolve();
    });
  }

  /** From now on virtual time waits for no answer. For the end, which must not wait for an app that never answers. */
  releaseTime(): void {
    this.#holdsTime = false;
    for (const release of this.#holds) release();
    this.#holds.clear();
  }

  /** Resolves when nothing is under way, or when it is closed. */
  async idle(): Promise<void> {
    if (this.#underWay > 0) await new Promise<void>((resolve) => this.#onIdle.push(resolve));
  }

  /** Ends what is under way. Safe to call twice. */
  close(): void {
    this.#abort.abort();
  }

  #post({ delivery, destination, text }: Job): Promise<PostResult> {
    const { mayCall, insecure, timeoutMs, clock, legacySignatures } = this.#options;
    const { url, kind, secret, isTrusted } = destination;
    if (!isTrusted && !mayCall(url))
      return Promise.resolve({
        error: 'this host is not allowed: name it with `allowTargets`',
        timedOut: false,
      });
    const headers =
      secret === undefined
        ? {}
        : signRequest({
            secret,
            id: delivery.id,
            // Receivers compare with their own clock, so this is wall time whatever the speed.
            timestampSeconds: Math.floor(Date.now() / 1_000),
            body: text,
            headerStyle: legacySignatures && kind === 'status' ? 'svix' : 'standard',
          });
    return post({ url, body: text, headers, timeoutMs, insecure, clock, signal: this.#abort.signal });
  }

  /** Virtual time waits for the answer, as it does for handshakes; but for a URL that lets the time pass only once. */
  #hold(url: string): () => void {
    if (!this.#holdsTime || this.#silent.has(url)) return () => {};
    const release = this.#options.clock.hold();
    this.#holds.add(release);
    return () => {
      this.#holds.delete(release);
      release();
    };
  }

  #noteSilence(url: string, outcome: PostResult): void {
    if ('error' in outcome && outcome.timedOut) {
      if (this.#silent.size >= MAX_LOG) this.#silent.clear();
      this.#silent.add(url);
    } else this.#silent.delete(url);
  }
}
