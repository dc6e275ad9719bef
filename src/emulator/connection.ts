/**
 * One connection to the receiver as a stream (or a whole endpoint) sees it: dials, retries, bounds the backlog, closes.
 * A lost WebSocket is replaced by a new one and the connection goes on; each WebSocket has its own record in the ledger.
 * Knows nothing of audio: it is offered frames of bytes.
 */
import { SAMPLE_RATE } from '../protocol/pcm.ts';
import type { Clock } from './clock.ts';
import { type Dial, dial } from './dial.ts';
import { describeError, describeResponse } from './dial-failure.ts';
import { type Failure, failure, isOnDemand } from './failure.ts';
import type { Account, ConnectionRecord, DropReason, Ledger } from './ledger.ts';
import type { PacerGroup } from './pacer.ts';
import { Wire } from './wire.ts';

/**
 * `idle → connecting → open → closing → closed`, with `retrying` between the attempts of an incident and `failed` after
 * the last. `reconnecting` is the gap of a reconnect that was asked for.
 */
export type ConnectionState =
  | 'idle'
  | 'connecting'
  | 'open'
  | 'retrying'
  | 'reconnecting'
  | 'closing'
  | 'closed'
  | 'failed';

/** Told how the receiver does, for load tests. Milliseconds of the clock. */
export interface ConnectionProbe {
  /** How often each open connection is pinged. */
  readonly pingEveryMs: number;
  /** From the dial to the open WebSocket. */
  onConnected(ms: number): void;
  /** From a ping to its pong. */
  onRoundTrip(ms: number): void;
}

export interface ConnectionOptions {
  readonly url: string;
  readonly insecure: boolean;
  /** Skip what the receiver writes after the 101 and is no WebSocket frame, instead of ending the connection. */
  readonly tolerateInvalidFrames: boolean;
  readonly handshakeTimeoutMs: number;
  readonly closeTimeoutMs: number;
  /** Wall time that `--speed max` waits for a receiver which does not read. */
  readonly stallTimeoutMs: number;
  /** Dials after the one that began the incident. */
  readonly retryAttempts: number;
  readonly retryIntervalMs: number;
  /** Backlog per connection beyond which frames are dropped as `slow_receiver`. */
  readonly maxBacklogBytes: number;
  /** Audio kept while there is no connection. 0: none. */
  readonly bufferDisconnectedMs: number;
  /** Audio kept while a handshake is under way. */
  readonly connectGraceMs: number;
  readonly reconnectEveryMs: number | undefined;
  readonly reconnectGapMs: number;
  readonly lateCloseMs: number;
  readonly probe?: ConnectionProbe | undefined;
  /** Headers of each upgrade; called once for every dial, as signatures carry the time. */
  headers(): Readonly<Record<string, string>>;
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

export interface ConnectionContext {
  readonly clock: Clock;
  readonly pacer: Pick<PacerGroup, 'add' | 'at'>;
  readonly ledger: Ledger;
  /** Shared by the connections of an endpoint; its own when left out. */
  readonly history?: EndpointHistory | undefined;
  readonly endpointIndex: number;
  /** Meeting time at which the session started, on the pacer's clock. */
  readonly originMs: number;
  /** A transition, or something worth telling. */
  onChange(connection: Connection): void;
  onLog(level: 'debug' | 'info' | 'warn', text: string): void;
  /** Asked before every dial: why it is to fail without being made, or undefined. */
  refusal?(): Failure | undefined;
  /** The last retry failed: nothing more is sent to this endpoint. */
  onFailed(why: Failure): void;
}

/** The golden ratio's fraction spreads any number of phases evenly. */
export const PHASE_STEP = 0.618_033_988_749_895;

interface Held {
  readonly bytes: Buffer;
  readonly account: Account;
  readonly startSample: number;
  readonly samples: number;
}

export class Connection {
  state: ConnectionState = 'idle';
  /** The WebSocket that frames go to, or the one being dialled. */
  record: ConnectionRecord;
  readonly #options: ConnectionOptions;
  readonly #context: ConnectionContext;
  #wire: Wire | undefined;
  /** Every WebSocket that has not ended: the current one, and predecessors on their way out. */
  readonly #wires = new Set<Wire>();
  #dial: Dial | undefined;
  /** Why the pending handshake was ended by us. */
  #endedFor: Failure | undefined;
  readonly #history: EndpointHistory;
  /** In a row, those of connections before it in the incident included. */
  #failures = 0;
  /** What is wrong now; undefined while nothing is. */
  #failure: Failure | undefined;
  /** What is wrong when the first dial takes longer than audio is kept for it. */
  readonly #slow: Failure;
  #openedMs = 0;
  #held: Held[] = [];
  #heldBytes = 0;
  #closeRequested = false;
  #cancelTimer: (() => void) | undefined;
  #cancelReconnect: (() => void) | undefined;
  #cancelPings: (() => void) | undefined;
  #resolveClosed!: () => void;
  /** Resolves when this connection and all its WebSockets have ended. Never rejects. */
  readonly closed: Promise<void> = new Promise((resolve) => {
    this.#resolveClosed = resolve;
  });

  constructor(options: ConnectionOptions, context: ConnectionContext) {
    this.#options = options;
    this.#context = context;
    this.#history = context.history ?? { failures: 0, hasOpened: false };
    this.#slow = failure(
      'upgrade_slow',
      `receiver had not answered the upgrade after ${options.connectGraceMs / 1_000} s of the meeting`,
    );
    this.record = context.ledger.openConnection(context.endpointIndex);
  }

  /** Dials. Call once. */
  open(): void {
    this.#failures = this.#history.failures;
    this.#startDial();
  }

  /** Why frames cannot be sent at the moment; undefined when there is no reason but the receiver's pace. */
  get failure(): Failure | undefined {
    return this.state === 'connecting' ? (this.#failure ?? this.#slow) : this.#failure;
  }

  /** Whether it has been open for so long that an incident before it is over. */
  get holds(): boolean {
    return this.state === 'open' && this.#now() - this.#openedMs >= this.#options.retryIntervalMs;
  }

  /** Whether a frame of this size would be sent or held now; otherwise the reason to drop it without encoding it. */
  admits(bytes: number): DropReason | undefined {
    switch (this.state) {
      case 'open':
        return this.#wire!.backlogBytes + bytes > this.#options.maxBacklogBytes &&
          this.#wire!.backlogBytes > 0
          ? 'slow_receiver'
          : undefined;
      case 'connecting':
        return Math.max(this.#options.connectGraceMs, this.#options.bufferDisconnectedMs) > 0
          ? undefined
          : this.#lossReason();
      case 'retrying':
      case 'reconnecting':
        return this.#options.bufferDisconnectedMs > 0 ? undefined : this.#lossReason();
      case 'failed':
        return 'endpoint_failed';
      default:
        return 'disconnected';
    }
  }

  /**
   * Takes a frame that `admits` let in. Returns true when the bytes are still needed after the call; then the caller
   * must not write over them.
   */
  offer(bytes: Buffer, account: Account, startSample: number, samples: number, dueMs: number): boolean {
    if (this.state === 'open') {
      account.lateness.record(this.#context.clock.now() - dueMs);
      return this.#wire!.write(bytes, account, startSample, samples);
    }
    account.pending++;
    this.#held.push({ bytes: Buffer.from(bytes), account, startSample, samples });
    this.#heldBytes += bytes.length;
    const keepMs =
      this.state === 'connecting'
        ? Math.max(this.#options.connectGraceMs, this.#options.bufferDisconnectedMs)
        : this.#options.bufferDisconnectedMs;
    this.#trimHeld(keepMs, this.#lossReason());
    return false;
  }

  /** Calls `send`; what it offers leaves in one system call. */
  together(send: () => void): void {
    const wire = this.#wire;
    wire?.cork();
    send();
    wire?.uncork();
  }

  /**
   * Ends the connection with close code 1000, after what is held has been sent if a handshake is under way.
   * `late` keeps the socket open for `lateCloseMs` first.
   */
  close(options: { readonly late?: boolean } = {}): void {
    if (this.#closeRequested) return;
    this.#closeRequested = true;
    this.#cancelReconnect?.();
    switch (this.state) {
      case 'open': {
        const wire = this.#wire!;
        this.#setState('closing');
        if (options.late === true && this.#options.lateCloseMs > 0) {
          this.#cancelTimer = this.#context.pacer.at(this.#now() + this.#options.lateCloseMs, () =>
            wire.close(),
          );
        } else wire.close();
        break;
      }
      case 'connecting':
        // The handshake goes on: what fell due while it lasted is sent when it succeeds.
        break;
      case 'idle':
      case 'retrying':
      case 'reconnecting':
        this.#cancelTimer?.();
        this.#giveUp();
        break;
      default:
        break;
    }
  }

  /** Loses the WebSocket as a broken network does; it is dialled again like after any other loss. */
  drop(): void {
    this.#wire?.endWithoutCloseFrame('drop');
  }

  /** Ends at once whatever is going on: pending handshakes and late closes included. For interrupts. */
  abort(): void {
    this.close();
    if (this.state === 'closing') this.#cancelTimer?.();
    for (const wire of this.#wires) wire.closeNow();
    if (this.state === 'connecting')
      this.#endDial(failure('interrupted', 'the run was ended before the receiver had answered the upgrade'));
  }

  /** The endpoint has failed: no more dials, and what is held is dropped. */
  fail(why: Failure): void {
    if (this.state === 'closed' || this.state === 'failed') return;
    this.#closeRequested = true;
    this.#cancelTimer?.();
    this.#cancelReconnect?.();
    this.#failure = why;
    this.#trimHeld(0, 'endpoint_failed');
    const { state } = this;
    this.#finish('failed');
    if (state === 'connecting') this.#endDial(why);
    this.#wire?.close();
  }

  /** Ends a pending handshake, for a reason of ours. */
  #endDial(why: Failure): void {
    this.#endedFor = why;
    this.#dial?.webSocket.terminate();
  }

  #now(): number {
    return this.#context.clock.now();
  }

  #meetingSeconds(): number {
    return (this.#now() - this.#context.originMs) / 1_000;
  }

  #setState(state: ConnectionState): void {
    this.state = state;
    this.#context.onChange(this);
  }

  #finish(state: 'closed' | 'failed'): void {
    this.#setState(state);
    if (this.#wires.size === 0) this.#resolveClosed();
  }

  /** Why a frame is lost while there is no connection. */
  #lossReason(): DropReason {
    if (this.state === 'reconnecting') return 'reconnecting';
    return this.#failure !== undefined && isOnDemand(this.#failure) ? 'on_demand' : 'disconnected';
  }

  #startDial(): void {
    const { record } = this;
    const { clock } = this.#context;
    const refusal = this.#context.refusal?.();
    if (refusal !== undefined) {
      this.#setState('connecting');
      this.#onDialFailed(refusal);
      return;
    }
    const dialledMs = clock.now();
    let attempt: Dial;
    try {
      attempt = dial(this.#options.url, { ...this.#options, headers: this.#options.headers() });
    } catch (error) {
      // Whoever made the options has checked them; what gets here all the same fails like any other dial.
      this.#setState('connecting');
      this.#onDialFailed(failure('dial_failed', `cannot be dialled: ${(error as Error).message}`));
      return;
    }
    const releaseTime = clock.hold();
    this.#dial = attempt;
    const { webSocket } = attempt;
    this.#setState('connecting');

    let settled = false;
    let why: Failure | undefined;
    const cancelTimeout = clock.afterWall(this.#options.handshakeTimeoutMs, () => {
      why ??= failure(
        'upgrade_timeout',
        `receiver did not answer the upgrade within ${this.#options.handshakeTimeoutMs / 1_000} s`,
      );
      webSocket.terminate();
    });
    webSocket.on('unexpected-response', (_request, response) => {
      const { statusCode = 0, statusMessage, headers } = response;
      why ??= describeResponse(statusCode, statusMessage, headers.location, this.#history.hasOpened);
      response.resume();
      webSocket.terminate();
    });
    webSocket.on('error', (error) => {
      if (!settled) why ??= describeError(error, this.#options.url, 'upgrade');
    });
    webSocket.on('close', () => {
      if (settled) return;
      settled = true;
      cancelTimeout();
      this.#onDialFailed(
        this.#endedFor ??
          why ??
          failure('upgrade_hung_up', 'receiver closed the connection during the upgrade'),
      );
      releaseTime();
    });
    webSocket.on('open', () => {
      settled = true;
      cancelTimeout();
      this.#options.probe?.onConnected(clock.now() - dialledMs);
      this.#onOpen(attempt, record);
      releaseTime();
    });
  }

  #onOpen(attempt: Dial, record: ConnectionRecord): void {
    record.openedSeconds = this.#meetingSeconds();
    this.#openedMs = this.#now();
    this.#history.hasOpened = true;
    this.#dial = undefined;
    if (this.state === 'failed') {
      attempt.webSocket.terminate();
      return;
    }
    const wire = new Wire(attempt, {
      clock: this.#context.clock,
      url: this.#options.url,
      stallTimeoutMs: this.#options.stallTimeoutMs,
      closeTimeoutMs: this.#options.closeTimeoutMs,
      tolerateInvalidFrames: this.#options.tolerateInvalidFrames,
      record,
      onLog: this.#context.onLog,
      onClosed: () => this.#onWireClosed(wire),
    });
    this.#wire = wire;
    this.#wires.add(wire);
    this.#failure = undefined;
    const { reconnectEveryMs } = this.#options;
    if (reconnectEveryMs !== undefined) {
      this.#cancelReconnect = this.#context.pacer.at(this.#now() + reconnectEveryMs, () => this.#reconnect());
    }
    this.#setState('open');
    this.#pingRegularly(wire);
    this.#sendHeld(wire);
    if (this.#closeRequested) {
      this.#closeRequested = false;
      this.close();
    }
  }

  #sendHeld(wire: Wire): void {
    const held = this.#held;
    this.#held = [];
    this.#heldBytes = 0;
    for (const { bytes, account, startSample, samples } of held) {
      account.pending--;
      // They are late because the receiver let us wait. Lateness is ours alone.
      wire.write(bytes, account, startSample, samples);
    }
  }

  #pingRegularly(wire: Wire): void {
    const { probe } = this.#options;
    if (probe === undefined) return;
    const { pacer } = this.#context;
    // Connections that open together are not pinged together.
    const first = this.#now() + probe.pingEveryMs * ((wire.record.number * PHASE_STEP) % 1);
    this.#cancelPings = pacer.add(first, {
      run: (dueMs) => {
        if (this.#wire !== wire || this.state !== 'open') return undefined;
        wire.ping((ms) => probe.onRoundTrip(ms));
        return dueMs + probe.pingEveryMs;
      },
    });
  }

  #onDialFailed(why: Failure): void {
    this.#dial = undefined;
    this.record.error = why;
    if (this.state === 'failed') return;
    // What began the incident stays its reason, unless it was asked for and what follows is not.
    if (this.#failure === undefined || isOnDemand(this.#failure)) this.#failure = why;
    this.#failures++;
    if (this.#closeRequested) this.#giveUp();
    else this.#retry(why);
  }

  /** Closed before it has come back: whoever dials next goes on with the incident. */
  #giveUp(): void {
    this.#history.failures = Math.max(this.#history.failures, this.#failures);
    this.#trimHeld(0, this.#lossReason());
    this.#finish('closed');
  }

  #retry(why: Failure): void {
    this.#trimHeld(this.#options.bufferDisconnectedMs, this.#lossReason());
    const { retryAttempts, retryIntervalMs } = this.#options;
    if (this.#failures > retryAttempts) {
      this.#warn(
        `${why.text}; gave up after ${retryAttempts} ${retryAttempts === 1 ? 'retry' : 'retries'}: the endpoint has failed`,
      );
      this.#context.onFailed(why);
      return;
    }
    this.#warn(`${why.text}; retry ${this.#failures} of ${retryAttempts} in ${retryIntervalMs / 1_000} s`);
    this.#setState('retrying');
    this.#cancelTimer = this.#context.pacer.at(this.#now() + retryIntervalMs, () => {
      this.record.retries++;
      this.#startDial();
    });
  }

  /** Several connections may have incidents at the same time: each line says whose it is. */
  #warn(text: string): void {
    this.#context.onLog('warn', `connection #${this.record.number}: ${text}`);
  }

  /** The incident is over: the next failure begins another. */
  #recovered(): void {
    this.#failures = 0;
    this.#history.failures = 0;
  }

  #onWireClosed(wire: Wire): void {
    const { record } = wire;
    this.#wires.delete(wire);
    if (wire === this.#wire) this.#cancelPings?.();
    record.closedSeconds = this.#meetingSeconds();
    if (wire !== this.#wire) {
      if (this.#wires.size === 0 && (this.state === 'closed' || this.state === 'failed'))
        this.#resolveClosed();
      return;
    }
    const held = this.holds;
    this.#wire = undefined;
    this.#cancelReconnect?.();
    switch (this.state) {
      case 'closing':
        this.#cancelTimer?.();
        if (record.error === null) this.#recovered();
        this.#finish('closed');
        break;
      case 'open': {
        if (held) this.#recovered();
        const why = record.error ?? failure('ended_without_close_frame', 'the connection ended');
        this.#failure = why;
        this.#failures++;
        this.record = this.#context.ledger.openConnection(this.#context.endpointIndex);
        this.#retry(why);
        break;
      }
      case 'failed':
        if (this.#wires.size === 0) this.#resolveClosed();
        break;
      default:
        break;
    }
  }

  /** The periodic drop seen on live calls: the socket ends without a close frame, and a new one follows. */
  #reconnect(): void {
    const old = this.#wire;
    if (old === undefined || this.state !== 'open') return;
    if (this.holds) this.#recovered();
    this.record = this.#context.ledger.openConnection(this.#context.endpointIndex);
    this.#wire = undefined;
    if (this.#options.lateCloseMs > 0) {
      // The successor opens first; the old socket closes in order, but late.
      this.#context.pacer.at(this.#now() + this.#options.lateCloseMs, () => old.close());
      this.#startDial();
      return;
    }
    old.endWithoutCloseFrame('reconnect');
    this.#setState('reconnecting');
    this.#cancelTimer = this.#context.pacer.at(this.#now() + this.#options.reconnectGapMs, () =>
      this.#startDial(),
    );
  }

  /**
   * Keeps the newest `keepMs` of held audio within the backlog bound, and drops the rest. 0 keeps nothing: what is held is not
   * in order of its positions, as an event is of the moment and a frame after it may have ended before that.
   */
  #trimHeld(keepMs: number, reason: DropReason): void {
    const newest = this.#held.at(-1);
    if (newest === undefined) return;
    const keepSamples = (keepMs * SAMPLE_RATE) / 1_000;
    const endSample = newest.startSample + newest.samples;
    let drop = 0;
    for (; drop < this.#held.length; drop++) {
      const held = this.#held[drop]!;
      const isNew = keepMs > 0 && endSample - held.startSample <= keepSamples;
      if (isNew && this.#heldBytes <= this.#options.maxBacklogBytes) break;
      this.#heldBytes -= held.bytes.length;
      held.account.pending--;
      held.account.drop(reason, held.startSample, held.samples, this.failure);
    }
    this.#held.splice(0, drop);
  }
}
