/**
 * One connection to the receiver as a stream (or a whole endpoint) sees it. Its states and what leads from one to the next are
 * the table of `transitions.ts`; how often it dials again is `retry.ts`'s, what waits for a WebSocket `outage.ts`'s, and
 * what goes wrong on purpose in `faults/`. A lost WebSocket is replaced by a new one and the connection goes on; each WebSocket has its own record in the ledger.
 * Knows nothing of audio: it is offered frames of bytes.
 */
import type { ConnectionContext, ConnectionOptions } from './connection-options.ts';
import type { Dial } from './dial.ts';
import { noteDial, noteDialFailed } from './dials.ts';
import { type Failure, failure } from './failure.ts';
import type { PlannedFault } from './faults/fault.ts';
import { FaultsInForce } from './faults/in-force.ts';
import { optionFaults } from './faults/options.ts';
import { beginDial, type Handshake } from './handshake.ts';
import type { Account, ConnectionRecord, DropReason } from './ledger.ts';
import { Outage } from './outage.ts';
import { pingRegularly } from './probe.ts';
import { type EndpointHistory, RetryPolicy } from './retry.ts';
import { type ConnectionEvent, type ConnectionState, isOver, transition } from './transitions.ts';
import type { Wire } from './wire.ts';
import { Wires } from './wires.ts';

export class Connection {
  state: ConnectionState = 'idle';
  /** The WebSocket that frames go to, or the one being dialled. */
  record: ConnectionRecord;
  readonly #options: ConnectionOptions;
  readonly #context: ConnectionContext;
  readonly #history: EndpointHistory;
  readonly #retry: RetryPolicy;
  readonly #outage: Outage;
  /** Index of the participant whose it is; undefined when it is everybody's. */
  readonly participant: number | undefined;
  #faults: FaultsInForce | undefined;
  /** The same, if frames have to come by there. */
  #disturbed: FaultsInForce | undefined;
  #wire: Wire | undefined;
  readonly #wires: Wires;
  #handshake: Handshake | undefined;
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
    this.#outage = new Outage(options);
    this.#wires = new Wires(options, context, (wire) => this.#onWireClosed(wire));
    this.record = context.ledger.openConnection(context.endpointIndex);
    for (const fault of optionFaults(options)) this.afflict(fault);
  }

  /** Dials. Call once. */
  open(): void {
    this.#retry.begin();
    this.#startDial('dial');
  }

  /** Why frames cannot be sent at the moment; undefined when there is no reason but the receiver's pace. */
  get failure(): Failure | undefined {
    return this.#outage.failureIn(this.state);
  }

  /** Whether it has been open for so long that an incident before it is over. */
  get holds(): boolean {
    return this.state === 'open' && this.#retry.hasHeld(this.#now() - this.#openedMs);
  }

  /** Whether a frame of this size would be sent or held now; otherwise the reason to drop it without encoding it. */
  admits(bytes: number): DropReason | undefined {
    switch (this.state) {
      case 'open':
        return this.#wire!.hasRoomFor(bytes, this.#options.maxBacklogBytes) ? undefined : 'slow_receiver';
      case 'connecting':
      case 'retrying':
      case 'reconnecting':
        return this.#outage.refuses(this.state);
      case 'failed':
        return 'endpoint_failed';
      default:
        return 'disconnected';
    }
  }

  /**
   * Takes a frame that `admits` let in. Returns true when the bytes are still needed after the call; then the caller
   * must not write over them. `lateMs`: how late it is.
   */
  offer(bytes: Buffer, account: Account, startSample: number, samples: number, lateMs: number): boolean {
    if (this.state === 'open') {
      account.lateness.record(lateMs);
      if (this.#disturbed !== undefined) return this.#disturbed.write(bytes, account, startSample, samples);
      return this.#wire!.write(bytes, account, startSample, samples);
    }
    this.#outage.keep(this.state, bytes, account, startSample, samples);
    return false;
  }

  /** Calls `send`; what it offers leaves in one system call, unless a fault cuts it into pieces. */
  together(send: () => void): void {
    const wire = this.#disturbed === undefined ? this.#wire : undefined;
    wire?.cork();
    send();
    wire?.uncork();
  }

  /** Ends with code 1000, after what is held has been sent. `late`: at a mute, when a fault may keep the socket open. */
  close(options: { readonly late?: boolean } = {}): void {
    if (this.#closeRequested) return;
    this.#closeRequested = true;
    if (this.state === 'open') this.#beginClose(options.late === true);
    // A handshake goes on: what fell due while it lasted is sent when it succeeds.
    else if (this.state !== 'connecting' && this.state !== 'closing' && !isOver(this.state)) {
      this.#cancelTimer?.();
      this.#giveUp();
    }
  }

  /** A fault begins. One that happens in a moment needs an open WebSocket; returns whether there was one. */
  afflict(fault: PlannedFault): boolean {
    const isOpen = this.state === 'open';
    if (fault.kind.instant && !isOpen) return false;
    this.#faults ??= new FaultsInForce(
      {
        ...this.#context,
        maxHeldBytes: this.#options.maxBacklogBytes,
        reconnect: (gapMs) => this.#part((wire) => wire.endWithoutCloseFrame('reconnect'), gapMs),
        abandon: (gapMs, why) => this.#part((wire) => this.#wires.silence(wire, why), gapMs, why),
        replace: (closeAfterMs) => this.#replace(closeAfterMs),
      },
      this.#wire,
    );
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
    this.#wires.endAll();
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
    this.#outage.begin(why);
    this.#outage.dropAll(this.state, 'endpoint_failed');
    this.#move('fail');
    this.#handshake?.end(why);
    this.#faults?.onLost(why, 'endpoint_failed');
    this.#wire?.close();
    this.#resolveWhenOver();
  }

  #now(): number {
    return this.#context.clock.now();
  }

  /** The one place where the state changes. */
  #move(event: ConnectionEvent): void {
    const step = transition(this.state, event);
    this.state = step.to;
    if (step.from === 'open') this.#cancelPings?.();
    if (step.event === 'close' || isOver(step.to)) this.#wires.endSilent();
    this.#context.onChange(this.record, step);
  }

  #resolveWhenOver(): void {
    if (isOver(this.state) && this.#wires.areGone) this.#resolveClosed();
  }

  #startDial(event: 'dial' | 'replace'): void {
    const { record } = this;
    noteDial(record, this.#context);
    const begun = beginDial({
      ...this.#options,
      clock: this.#context.clock,
      history: this.#history,
      refusal: () => this.#context.refusal?.() ?? this.#faults?.beforeDial(),
      onOpen: (dialled, tookMs) => {
        this.#options.probe?.onConnected(tookMs);
        this.#onOpen(dialled, record);
      },
      onFailed: (why) => this.#onDialFailed(why),
    });
    if ('end' in begun) this.#handshake = begun;
    this.#move(event);
    if (!('end' in begun)) this.#onDialFailed(begun);
  }

  #onOpen(dialled: Dial, record: ConnectionRecord): void {
    this.#openedMs = this.#now();
    record.openedSeconds = (this.#openedMs - this.#context.originMs) / 1_000;
    this.#history.hasOpened = true;
    this.#handshake = undefined;
    if (this.state === 'failed') {
      dialled.webSocket.terminate();
      return;
    }
    const wire = this.#wires.add(dialled, record);
    this.#wire = wire;
    this.#outage.begin(undefined);
    this.#move('open');
    this.#faults?.onOpen(wire);
    this.#cancelPings = pingRegularly(this.#options.probe, wire, this.#context.pacer, this.#now());
    this.#outage.end(this.#disturbed ?? wire);
    if (this.#closeRequested) {
      this.#closeRequested = false;
      this.close();
    }
  }

  #onDialFailed(why: Failure): void {
    this.#handshake = undefined;
    this.record.error = why;
    noteDialFailed(this.record, why, this.#context);
    if (this.state === 'failed') return;
    this.#outage.goesOn(why);
    this.#retry.failed();
    if (this.#closeRequested) this.#giveUp();
    else this.#dialLater(why);
  }

  /** Closed before it has come back: whoever dials next goes on with the incident. */
  #giveUp(): void {
    this.#retry.gaveUp();
    this.#outage.dropAll(this.state);
    this.#move('give_up');
    this.#resolveWhenOver();
  }

  #dialLater(why: Failure): void {
    this.#outage.trim(this.state);
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
    if (wire === this.#wire) this.#onCurrentClosed(wire.record);
    this.#resolveWhenOver();
  }

  #onCurrentClosed(record: ConnectionRecord): void {
    const { holds } = this;
    this.#wire = undefined;
    this.#faults?.onLost(record.error ?? undefined);
    if (this.state === 'closing') {
      this.#cancelTimer?.();
      if (record.error === null) this.#retry.recovered();
      this.#move('end');
    } else if (this.state === 'open') {
      if (holds) this.#retry.recovered();
      const why = record.error ?? failure('ended_without_close_frame', 'the connection ended');
      this.#outage.begin(why);
      this.#retry.failed();
      this.record = this.#context.ledger.openConnection(this.#context.endpointIndex);
      this.#dialLater(why);
    }
  }

  /** Leaves an open WebSocket as `leave` does, and dials its successor after a gap. */
  #part(leave: (wire: Wire) => void, gapMs: number, why?: Failure): void {
    const old = this.#takeOver();
    if (old === undefined) return;
    this.#outage.begin(why);
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

  #beginClose(late: boolean): void {
    const wire = this.#wire!;
    this.#move('close');
    const afterMs = late ? (this.#faults?.closeAfterMs() ?? 0) : 0;
    if (afterMs === 0) this.#closeDrained(wire);
    else this.#cancelTimer = this.#context.pacer.at(this.#now() + afterMs, () => this.#closeDrained(wire));
  }

  /** What faults hold goes first. */
  #closeDrained(wire: Wire): void {
    if (this.#disturbed === undefined) wire.close();
    else this.#disturbed.drainThen(() => wire.close());
  }

  #lookForDisturbance(): void {
    this.#disturbed = this.#faults?.disturbFrames === true ? this.#faults : undefined;
  }
}
