/**
 * The retry policy: how often a connection dials again, and when an incident is over ("Real-Time Websocket Endpoints": every
 * 3 s, at most 30 times). Counts; the connection dials.
 */

export interface RetryOptions {
  /** Dials after the one that began the incident. */
  readonly retryAttempts: number;
  readonly retryIntervalMs: number;
}

/** What the connections of one endpoint know of each other. */
export interface EndpointHistory {
  /**
   * Failures in a row, of connections that were closed before they had come back: failed dials, and WebSockets lost before they
   * had held. Each unmute goes on where the last one gave up. Connections that fail side by side are one incident, not many.
   */
  failures: number;
  /** Whether the receiver has accepted any of them. */
  hasOpened: boolean;
}

export class RetryPolicy {
  readonly #options: RetryOptions;
  readonly #history: EndpointHistory;
  /** In a row, those of connections before it in the incident included. */
  #failures = 0;

  constructor(options: RetryOptions, history: EndpointHistory) {
    this.#options = options;
    this.#history = history;
  }

  /** The first dial: goes on with the incident of the connection before, if there is one. */
  begin(): void {
    this.#failures = this.#history.failures;
  }

  /** A dial has failed, or the WebSocket was lost. */
  failed(): void {
    this.#failures++;
  }

  /** Whether it has been open for so long that an incident before it is over. */
  hasHeld(openMs: number): boolean {
    return openMs >= this.#options.retryIntervalMs;
  }

  /** The incident is over: the next failure begins another. */
  recovered(): void {
    this.#failures = 0;
    this.#history.failures = 0;
  }

  /** Closed before it has come back: whoever dials next goes on with the incident. */
  gaveUp(): void {
    this.#history.failures = Math.max(this.#history.failures, this.#failures);
  }

  get isExhausted(): boolean {
    return this.#failures > this.#options.retryAttempts;
  }

  /** What comes next, as it follows the failure in the log. */
  get outlook(): string {
    const { retryAttempts, retryIntervalMs } = this.#options;
    return this.isExhausted
      ? `gave up after ${retryAttempts} ${retryAttempts === 1 ? 'retry' : 'retries'}: the endpoint has failed`
      : `retry ${this.#failures} of ${retryAttempts} in ${retryIntervalMs / 1_000} s`;
  }
}
