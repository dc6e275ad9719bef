/**
 * The faults that are in force on one connection. Frames pass through them in the order in which they began, then their bytes
 * do, and then they are written. A connection that has none has none of this.
 */
import { createRandom } from '../../audio/random.ts';
import type { Clock } from '../clock.ts';
import { type Failure, failure } from '../failure.ts';
import { type Account, type DropReason, lossReason } from '../ledger.ts';
import type { PacerGroup } from '../pacer.ts';
import type { Wire } from '../wire.ts';
import type { Fault, Frame, PlannedFault, Victim } from './fault.ts';

/** What the connection lends to its faults. */
export interface FaultHost extends Pick<Victim, 'reconnect' | 'replace'> {
  readonly clock: Clock;
  readonly pacer: Pick<PacerGroup, 'at'>;
  /** What random numbers derive from; default 1. */
  readonly seed?: number | undefined;
  /** Bytes that faults may hold. */
  readonly maxHeldBytes: number;
  abandon(gapMs: number, why: Failure): void;
}

interface Entry {
  readonly spec: PlannedFault;
  readonly fault: Fault;
  readonly pass: (frame: Frame) => void;
}

export class FaultsInForce {
  readonly #host: FaultHost;
  readonly #entries: Entry[] = [];
  #wire: Wire | undefined;
  /** What ended the WebSocket and takes with it what is held; undefined when it was left on purpose. */
  #ended: { readonly reason: DropReason; readonly cause: Failure } | undefined;
  #heldBytes = 0;
  #heldFrames = 0;
  #onDrained: (() => void) | undefined;
  /** Pieces of frames that leave one a turn; the last piece of each has its frame. */
  readonly #pieces: { readonly bytes: Buffer; readonly frame: Frame | undefined }[] = [];
  #sendsPieces = false;

  /** `wire`: the WebSocket that is open already, if one is. */
  constructor(host: FaultHost, wire: Wire | undefined) {
    this.#host = host;
    this.#wire = wire;
  }

  /** Whether frames have to come by here. */
  get disturbFrames(): boolean {
    return (
      this.#heldFrames > 0 ||
      this.#pieces.length > 0 ||
      this.#entries.some(({ fault }) => (fault.onFrame ?? fault.onWrite ?? fault.onBytes) !== undefined)
    );
  }

  /** `connection`: its number, which keeps the random numbers of a fault's connections apart. */
  add(spec: PlannedFault, connection: number): void {
    const fault = spec.kind.begin(spec.options, this.#victim(spec, connection));
    const entry: Entry = {
      spec,
      fault,
      pass: (frame) => this.#passFrom(this.#entries.indexOf(entry) + 1, frame),
    };
    this.#entries.push(entry);
    if (this.#wire !== undefined) fault.onOpen?.();
    if (spec.kind.instant === true) this.remove(spec);
  }

  remove(spec: PlannedFault): void {
    const index = this.#entries.findIndex((each) => each.spec === spec);
    if (index === -1) return;
    this.#entries[index]!.fault.end?.();
    this.#entries.splice(
      this.#entries.findIndex((each) => each.spec === spec),
      1,
    );
  }

  beforeDial(): Failure | undefined {
    for (const { fault } of this.#entries) {
      const refusal = fault.beforeDial?.();
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  }

  onOpen(wire: Wire): void {
    this.#wire = wire;
    for (const { fault } of [...this.#entries]) fault.onOpen?.();
  }

  /**
   * The WebSocket takes nothing more. `cause`: what ended it. It would have ended so without these faults, too, and what they hold is lost
   * for it. Without a cause it is left on purpose, and that is their loss.
   */
  onLost(cause?: Failure, reason: DropReason = lossReason(cause)): void {
    this.#wire = undefined;
    this.#ended = cause && { reason, cause };
    this.#onDrained = undefined;
    for (const { fault } of [...this.#entries]) fault.onLost?.();
    // Of a frame that has left in part nobody knows what arrived.
    for (const { frame } of this.#pieces.splice(0)) {
      if (frame === undefined) continue;
      if (!frame.injected) frame.account.pending--;
      this.#cutOff(frame, CUT_OFF);
    }
  }

  closeAfterMs(): number {
    return this.#entries.reduce((longest, { fault }) => Math.max(longest, fault.closeAfterMs?.() ?? 0), 0);
  }

  /** Calls back when nothing is held any more: at once, or in time. Never when the WebSocket is lost before. */
  drainThen(then: () => void): void {
    for (const { fault } of [...this.#entries]) fault.onClosing?.();
    this.#onDrained = then;
    this.#checkDrained();
  }

  /** Takes a frame in the place of the wire; copies it, so that the caller may write over the bytes: false. */
  write(bytes: Buffer, account: Account, startSample: number, samples: number): boolean {
    this.#passFrom(0, { bytes: Buffer.from(bytes), account, startSample, samples, injected: false });
    return false;
  }

  #passFrom(index: number, frame: Frame): void {
    for (let at = index; at < this.#entries.length; at++) {
      const { spec, fault, pass } = this.#entries[at]!;
      if (fault.onFrame === undefined) continue;
      if (spec.participant !== undefined && spec.participant !== frame.account.participant) continue;
      fault.onFrame(frame, pass);
      return;
    }
    this.#writeFrame(frame);
  }

  #writeFrame(frame: Frame): void {
    const wire = this.#wire;
    if (wire === undefined) {
      this.#cutOff(frame, CUT_OFF);
      return;
    }
    let whole = frame.bytes;
    for (const { fault } of this.#entries) whole = fault.onWrite?.(whole) ?? whole;
    let pieces: readonly Buffer[] = [whole];
    for (const { fault } of this.#entries)
      if (fault.onBytes !== undefined) pieces = pieces.flatMap((bytes) => fault.onBytes!(bytes));
    if (pieces.length === 1 && this.#pieces.length === 0) {
      writeTo(wire, pieces[0]!, frame);
      return;
    }
    if (!frame.injected) frame.account.pending++;
    for (const [index, bytes] of pieces.entries())
      this.#pieces.push({ bytes, frame: index === pieces.length - 1 ? frame : undefined });
    if (!this.#sendsPieces) this.#sendPieces();
  }

  /** One piece a turn of the event loop, so that each is a read of its own at the receiver. Virtual time waits for them. */
  #sendPieces(): void {
    this.#sendsPieces = true;
    const releaseTime = this.#host.clock.hold();
    const wire = this.#wire;
    const step = (): void => {
      const piece = this.#wire === wire ? this.#pieces.shift() : undefined;
      if (wire === undefined || piece === undefined) {
        this.#sendsPieces = false;
        if (wire !== undefined) wire.midFrame = false;
        releaseTime();
        this.#checkDrained();
        // A successor may have pieces of its own by now.
        if (this.#pieces.length > 0) this.#sendPieces();
        return;
      }
      if (piece.frame === undefined) wire.writePart(piece.bytes);
      else {
        if (!piece.frame.injected) piece.frame.account.pending--;
        writeTo(wire, piece.bytes, piece.frame);
      }
      // Only now: what was kept from coming between leaves at once.
      wire.midFrame = piece.frame === undefined;
      setImmediate(step);
    };
    step();
  }

  #loseFrame(frame: Frame, why: Failure): void {
    if (frame.injected) return;
    frame.account.drop('fault', frame.startSample, frame.samples, why);
  }

  /** The WebSocket is gone, and the frame with it. `why`: of the fault that had it. */
  #cutOff(frame: Frame, why: Failure): void {
    if (this.#ended === undefined) this.#loseFrame(frame, why);
    else if (!frame.injected)
      frame.account.drop(this.#ended.reason, frame.startSample, frame.samples, this.#ended.cause);
  }

  #checkDrained(): void {
    if (this.#onDrained === undefined || this.#heldFrames > 0 || this.#pieces.length > 0 || this.#sendsPieces)
      return;
    const then = this.#onDrained;
    this.#onDrained = undefined;
    then();
  }

  #victim(spec: PlannedFault, connection: number): Victim {
    const host = this.#host;
    const why = failure('fault', `fault ${spec.text}`);
    return {
      clock: host.clock,
      random: createRandom(host.seed ?? 1, spec.number * 1_000_003 + connection),
      why,
      at: (dueMs, callback) => host.pacer.at(dueMs, callback),
      lose: (frame) => this.#loseFrame(frame, why),
      cutOff: (frame) => this.#cutOff(frame, why),
      hold: (frame) => {
        if (this.#heldFrames > 0 && this.#heldBytes + frame.bytes.length > host.maxHeldBytes) {
          this.#loseFrame(frame, why);
          return false;
        }
        this.#heldFrames++;
        this.#heldBytes += frame.bytes.length;
        if (!frame.injected) frame.account.pending++;
        return true;
      },
      unhold: (frame) => {
        this.#heldFrames--;
        this.#heldBytes -= frame.bytes.length;
        if (!frame.injected) frame.account.pending--;
        this.#checkDrained();
      },
      ping: () => this.#wire?.ping(),
      break: (how) =>
        how === 'reset' ? this.#wire?.reset(why) : this.#wire?.endWithoutCloseFrame('drop', why),
      reconnect: host.reconnect,
      replace: host.replace,
      abandon: (gapMs) => host.abandon(gapMs, why),
    };
  }
}

const CUT_OFF = failure('fault', 'the connection was gone before a fault had let the frame go');

function writeTo(wire: Wire, bytes: Buffer, { account, startSample, samples, injected }: Frame): void {
  if (injected) {
    if (wire.writePart(bytes)) account.injected++;
  } else wire.write(bytes, account, startSample, samples);
}
