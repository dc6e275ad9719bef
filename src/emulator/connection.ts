/**
 * One connection to the receiver as a stream (or a whole endpoint) sees it. Its states and what leads from one to the next are
 * the table of `transitions.ts`; how often it dials again is `retry.ts`'s, what waits for a WebSocket is in `held-frames.ts`, and
 * what goes wrong on purpose in `faults/`.
 * A lost WebSocket is replaced by a new one and the connection goes on; each WebSocket has its own record in the ledger.
 * Knows nothing of audio: it is offered frames of bytes.
 */
import type { Clock } from './clock.ts';
import type { Dial } from './dial.ts';
import { type Failure, failure, isOnDemand } from './failure.ts';
import type { PlannedFault } from './faults/fault.ts';
import { FaultsInForce } from './faults/in-force.ts';
import { lateClosing, reconnecting } from './faults/options.ts';
import { type Handshake, shakeHands } from './handshake.ts';
import { HeldFrames } from './held-frames.ts';
import { type Account, type ConnectionRecord, type DropReason, type Ledger, lossReason } from './ledger.ts';
import type { PacerGroup } from './pacer.ts';
import { type ConnectionProbe, pingRegularly } from './probe.ts';
import { type EndpointHistory, type RetryOptions, RetryPolicy } from './retry.ts';
import {
  type ConnectionEvent,
  type ConnectionState,
  isOver,
  type Transition,
  transition,
} from './transitions.ts';
import { Wire } from './wire.ts';

export interface ConnectionOptions extends RetryOptions {
  readonly url: string;
  readonly insecure: boolean;
  /** Skip what the receiver writes after the 101 and is no WebSocket frame, instead of ending the connection. */
  readonly tolerateInvalidFrames: boolean;
  readonly handshakeTimeoutMs: number;
  readonly closeTimeoutMs: number;
  /** Wall time that `--speed max` waits for a receiver which does not read. */
  readonly stallTimeoutMs: number;
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

export interface ConnectionContext {
  readonly clock: Clock;
  readonly pacer: Pick<PacerGroup, 'add' | 'at'>;
  readonly ledger: Ledger;
  /** Shared by the connections of an endpoint; its own when left out. */
  readonly history?: EndpointHistory | undefined;
  readonly endpointIndex: number;
  /** What the faults' random numbers derive from; default 1. */
  readonly seed?: number | undefined;
  /** Meeting time at which the session started, on the pacer's clock. */
  readonly originMs: number;
  /** Every transition, when it has happened. */
  onChange(connection: Connection, step: Transition): void;
  onLog(level: 'debug' | 'info' | 'warn', text: string): void;
  /** Asked before every dial: why it is to fail without being made, or undefined. */
  refusal?(): Failure | undefined;
  /** The last retry failed: nothing more is sent to this endpoint. */
  onFailed(why: Failure): void;
}

export class Connection {
  state: ConnectionState = 'idle';
  /** The WebSocket that frames go to, or the one being dialled. */
  record: ConnectionRecord;
  readonly #options: ConnectionOptions;
  readonly #context: ConnectionContext;
  readonly #history: EndpointHistory;
  readonly #retry: RetryPolicy;
  readonly #held: HeldFrames;
  /** Index of the participant whose it is; undefined when it is everybody's. */
  readonly participant: number | undefined;
  #faults: FaultsInForce | undefined;
  /** The same, if frames have to come by there. */
  #disturbed: FaultsInForce | undefined;
  #wire: Wire | undefined;
  /** Every WebSocket that has not ended: the current one, and predecessors on their way out. */
  readonly #wires = new Set<Wire>();
  /** Of those, what a fault has left open in silence. */
  readonly #abandoned = new Set<Wire>();
  #handshake: Handshake | undefined;
  /** What is wrong now; undefined while nothing is. */
  #failure: Failure | undefined;
  /** What is wrong when the first dial takes longer than audio is kept for it. */
  readonly #slow: Failure;
  #openedMs = 0;
  #closeRequested = false;
  #cancelTimer: (() => void) | undefined;
  #cancelPings: (() => void) | undefined;
  #resolveClosed!: () => void;
  /** Resolves when this connection and all its WebSockets have ended. Never rejects. */
  readonly closed: Promise<void> = new Promise((resolve) => {
    this.#resolveClosed = resolve;
  });

  constructor(options: ConnectionOptions, context: ConnectionContext, participant?: number | undefined) {
    this.participant = participant;
    this.#options = options;
    this.#context = context;
    this.#history = context.history ?? { failures: 0, hasOpened: false };
    this.#retry = new RetryPolicy(options, this.#history);
    this.#held = new HeldFrames(options.maxBacklogBytes);
    this.#slow = failure(
      'upgrade_slow',
      `receiver had not answered the upgrade after ${options.connectGraceMs / 1_000} s of the meeting`,
    );
    this.record = context.ledger.openConnection(context.endpointIndex);
    const { reconnectEveryMs, reconnectGapMs, lateCloseMs } = options;
    if (reconnectEveryMs !== undefined)
      this.afflict(reconnecting(reconnectEveryMs, reconnectGapMs, lateCloseMs));
    if (lateCloseMs > 0) this.afflict(lateClosing(lateCloseMs));
  }

  /** Dials. Call once. */
  open(): void {
    this.#retry.begin();
    this.#startDial('dial');
  }

  /** Why frames cannot be sent at the moment; undefined when there is no reason but the receiver's pace. */
  get failure(): Failure | undefined {
    return this.state === 'connecting' ? (this.#failure ?? this.#slow) : this.#failure;
  }

  /** Whether it has been open for so long that an incident before it is over. */
  get holds(): boolean {
    return this.state === 'open' && this.#retry.hasHeld(this.#now() - this.#openedMs);
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
      case 'retrying':
      case 'reconnecting':
        return this.#keepMs > 0 ? undefined : this.#lossReason();
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
      if (this.#disturbed !== undefined) {
        this.#disturbed.offer(bytes, account, startSample, samples);
        return false;
      }
      return this.#wire!.write(bytes, account, startSample, samples);
    }
    this.#held.add(bytes, account, startSample, samples);
    this.#trimHeld(this.#keepMs, this.#lossReason());
    return false;
  }

  /** Calls `send`; what it offers leaves in one system call. */
  together(send: () => void): void {
    // What a fault cuts into pieces must not leave together.
    const wire = this.#disturbed === undefined ? this.#wire : undefined;
    wire?.cork();
    send();
    wire?.uncork();
  }

  /**
   * Ends the connection with close code 1000, after what is held has been sent if a handshake is under way.
   * `late`: at a mute, when a fault may keep the socket open for a while.
   */
  close(options: { readonly late?: boolean } = {}): void {
    if (this.#closeRequested) return;
    this.#closeRequested = true;
    switch (this.state) {
      case 'open': {
        const wire = this.#wire!;
        this.#move('close');
        const afterMs = options.late === true ? (this.#faults?.closeAfterMs() ?? 0) : 0;
        if (afterMs === 0) this.#closeDrained(wire);
        else
          this.#cancelTimer = this.#context.pacer.at(this.#now() + afterMs, () => this.#closeDrained(wire));
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

  /** A fault begins. One that happens in a moment needs an open WebSocket; returns whether there was one. */
  afflict(fault: PlannedFault): boolean {
    const isOpen = this.state === 'open';
    if (fault.kind.instant === true && !isOpen) return false;
    const { clock, pacer, seed = 1 } = this.#context;
    this.#faults ??= new FaultsInForce({
      clock,
      seed,
      maxHeldBytes: this.#options.maxBacklogBytes,
      at: (dueMs, callback) => pacer.at(dueMs, callback),
      reconnect: (gapMs) => this.#part((wire) => wire.endWithoutCloseFrame('reconnect'), gapMs),
      abandon: (gapMs, why) => this.#part((wire) => this.#abandon(wire, why), gapMs, why),
      replace: (closeAfterMs) => this.#replace(closeAfterMs),
    });
    this.#faults.add(fault, this.record.number);
    this.#lookForDisturbance();
    return isOpen;
  }

  /** A fault's time is over. */
  relieve(fault: PlannedFault): void {
    this.#faults?.remove(fault);
    this.#lookForDisturbance();
  }

  /** Loses the WebSocket as a broken network does; it is dialled again like after any other loss. */
  drop(): void {
    this.#wire?.endWithoutCloseFrame('drop');
  }

  /** Ends at once whatever is going on: pending handshakes and late closes included. For interrupts. */
  abort(): void {
    this.close();
    if (this.state === 'closing') {
      this.#cancelTimer?.();
      this.#faults?.onLost();
    }
    for (const wire of this.#wires) wire.closeNow();
    if (this.state === 'connecting')
      this.#handshake?.end(
        failure('interrupted', 'the run was ended before the receiver had answered the upgrade'),
      );
  }

  /** The endpoint has failed: no more dials, and what is held is dropped. */
  fail(why: Failure): void {
    if (isOver(this.state)) return;
    this.#closeRequested = true;
    this.#cancelTimer?.();
    this.#failure = why;
    this.#trimHeld(0, 'endpoint_failed');
    this.#move('fail');
    this.#handshake?.end(why);
    this.#faults?.onLost();
    this.#wire?.close();
    this.#resolveWhenOver();
  }

  get #keepMs(): number {
    const { connectGraceMs, bufferDisconnectedMs } = this.#options;
    return this.state === 'connecting'
      ? Math.max(connectGraceMs, bufferDisconnectedMs)
      : bufferDisconnectedMs;
  }

  #now(): number {
    return this.#context.clock.now();
  }

  #meetingSeconds(): number {
    return (this.#now() - this.#context.originMs) / 1_000;
  }

  /** The one place where the state changes. */
  #move(event: ConnectionEvent): void {
    const step = transition(this.state, event);
    this.state = step.to;
    if (step.from === 'open') this.#cancelPings?.();
    if (step.event === 'close' || isOver(step.to)) for (const wire of this.#abandoned) wire.closeNow();
    this.#context.onChange(this, step);
  }

  #resolveWhenOver(): void {
    if (isOver(this.state) && this.#wires.size === 0) this.#resolveClosed();
  }

  /** Why a frame is lost while there is no connection. */
  #lossReason(): DropReason {
    if (this.state === 'reconnecting' && this.#failure === undefined) return 'reconnecting';
    return lossReason(this.#failure);
  }

  #startDial(event: 'dial' | 'replace'): void {
    const { record } = this;
    const { clock } = this.#context;
    const refusal = this.#context.refusal?.() ?? this.#faults?.beforeDial();
    if (refusal !== undefined) {
      this.#move(event);
      this.#onDialFailed(refusal);
      return;
    }
    try {
      this.#handshake = shakeHands({
        ...this.#options,
        headers: this.#options.headers(),
        clock,
        history: this.#history,
        onOpen: (dialled, tookMs) => {
          this.#options.probe?.onConnected(tookMs);
          this.#onOpen(dialled, record);
        },
        onFailed: (why) => this.#onDialFailed(why),
      });
    } catch (error) {
      // Whoever made the options has checked them; what gets here all the same fails like any other dial.
      this.#move(event);
      this.#onDialFailed(failure('dial_failed', `cannot be dialled: ${(error as Error).message}`));
      return;
    }
    this.#move(event);
  }

  #onOpen(dialled: Dial, record: ConnectionRecord): void {
    record.openedSeconds = this.#meetingSeconds();
    this.#openedMs = this.#now();
    this.#history.hasOpened = true;
    this.#handshake = undefined;
    if (this.state === 'failed') {
      dialled.webSocket.terminate();
      return;
    }
    const wire = this.#makeWire(dialled, record);
    this.#failure = undefined;
    const { probe } = this.#options;
    this.#move('open');
    this.#faults?.onOpen(wire);
    if (probe !== undefined) this.#cancelPings = pingRegularly(probe, wire, this.#context.pacer, this.#now());
    this.#held.sendTo(wire);
    if (this.#closeRequested) {
      this.#closeRequested = false;
      this.close();
    }
  }

  #makeWire(dialled: Dial, record: ConnectionRecord): Wire {
    const wire = new Wire(dialled, {
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
    return wire;
  }

  #onDialFailed(why: Failure): void {
    this.#handshake = undefined;
    this.record.error = why;
    if (this.state === 'failed') return;
    // What began the incident stays its reason, unless it was asked for and what follows is not.
    if (this.#failure === undefined || isOnDemand(this.#failure)) this.#failure = why;
    this.#retry.failed();
    if (this.#closeRequested) this.#giveUp();
    else this.#dialLater(why);
  }

  /** Closed before it has come back: whoever dials next goes on with the incident. */
  #giveUp(): void {
    this.#retry.gaveUp();
    this.#trimHeld(0, this.#lossReason());
    this.#move('give_up');
    this.#resolveWhenOver();
  }

  #dialLater(why: Failure): void {
    this.#trimHeld(this.#options.bufferDisconnectedMs, this.#lossReason());
    // Several connections may have incidents at the same time: each line says whose it is.
    this.#context.onLog('warn', `connection #${this.record.number}: ${why.text}; ${this.#retry.outlook}`);
    if (this.#retry.isExhausted) {
      this.#context.onFailed(why);
      return;
    }
    this.#move('retry');
    this.#cancelTimer = this.#context.pacer.at(this.#now() + this.#options.retryIntervalMs, () => {
      this.record.retries++;
      this.#startDial('dial');
    });
  }

  #onWireClosed(wire: Wire): void {
    const { record } = wire;
    this.#wires.delete(wire);
    this.#abandoned.delete(wire);
    record.closedSeconds = this.#meetingSeconds();
    if (wire === this.#wire) this.#onCurrentClosed(record);
    this.#resolveWhenOver();
  }

  #onCurrentClosed(record: ConnectionRecord): void {
    const { holds } = this;
    this.#wire = undefined;
    this.#faults?.onLost();
    if (this.state === 'closing') {
      this.#cancelTimer?.();
      if (record.error === null) this.#retry.recovered();
      this.#move('end');
    } else if (this.state === 'open') {
      if (holds) this.#retry.recovered();
      const why = record.error ?? failure('ended_without_close_frame', 'the connection ended');
      this.#failure = why;
      this.#retry.failed();
      this.record = this.#context.ledger.openConnection(this.#context.endpointIndex);
      this.#dialLater(why);
    }
  }

  /** Leaves an open WebSocket as `leave` does, and dials its successor after a gap. */
  #part(leave: (wire: Wire) => void, gapMs: number, why?: Failure): void {
    const old = this.#takeOver();
    if (old === undefined) return;
    this.#failure = why;
    leave(old);
    this.#move('part');
    this.#cancelTimer = this.#context.pacer.at(this.#now() + gapMs, () => this.#startDial('dial'));
  }

  /** The successor opens first; the old socket closes in order, but late. */
  #replace(closeAfterMs: number): void {
    const old = this.#takeOver();
    if (old === undefined) return;
    this.#context.pacer.at(this.#now() + closeAfterMs, () => old.close());
    this.#startDial('replace');
  }

  /** From here on the record is the successor's. Returns the open WebSocket, if there is one. */
  #takeOver(): Wire | undefined {
    const old = this.#wire;
    if (old === undefined || this.state !== 'open') return undefined;
    if (this.holds) this.#retry.recovered();
    this.#faults?.onLost();
    this.record = this.#context.ledger.openConnection(this.#context.endpointIndex);
    this.#wire = undefined;
    return old;
  }

  #abandon(wire: Wire, why: Failure): void {
    wire.fallSilent(why);
    this.#abandoned.add(wire);
  }

  /** What faults hold goes first. */
  #closeDrained(wire: Wire): void {
    if (this.#disturbed === undefined) wire.close();
    else this.#disturbed.drainThen(() => wire.close());
  }

  #lookForDisturbance(): void {
    this.#disturbed = this.#faults?.disturbFrames === true ? this.#faults : undefined;
  }

  /** Keeps the newest `keepMs` of what waits for a WebSocket. */
  #trimHeld(keepMs: number, reason: DropReason): void {
    this.#held.trim(keepMs, reason, this.failure);
  }
}
