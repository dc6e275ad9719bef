/**
 * What a fault is: one thing that goes wrong on the way, on purpose. Each is a file of its own in this folder and a line in
 * `index.ts`. A fault says what it does to the frames, bytes and dials of one connection; when and to whom is the plan's.
 */
import type { z } from 'zod';
import type { Random } from '../../audio/random.ts';
import type { Clock } from '../clock.ts';
import type { Failure } from '../failure.ts';
import type { Account } from '../ledger.ts';

/** One WebSocket frame on its way out. Its bytes belong to whoever has it. */
export interface Frame {
  readonly bytes: Buffer;
  readonly account: Account;
  readonly startSample: number;
  readonly samples: number;
  /** Made by a fault: counted as `injected`, and as nothing else. */
  readonly injected: boolean;
}

/** The connection that a fault befalls, as far as a fault may touch it. */
export interface Victim {
  readonly clock: Pick<Clock, 'now'>;
  /** From the seed, and of this fault on this connection alone. */
  readonly random: Random;
  /** What is told of everything that this fault loses or ends. */
  readonly why: Failure;
  /** Calls back at this time of the clock, in milliseconds. Returns what forgets it. */
  at(dueMs: number, callback: () => void): () => void;
  /** The frame never leaves. */
  lose(frame: Frame): void;
  /** The frame was held for a WebSocket that is gone: it is lost for what ended that. */
  cutOff(frame: Frame): void;
  /** Keeps a frame until it is given on; see `HoldQueue`. False when there is no room: then it has been lost. */
  hold(frame: Frame): boolean;
  /** Ends what `hold` began. */
  unhold(frame: Frame): void;
  /** Sends a ping that nobody waits for. */
  ping(): void;
  /** Ends the TCP connection: by an RST, or in order but without a close frame. It is dialled again like after any other loss. */
  break(how: 'reset' | 'fin'): void;
  /** The WebSocket is given up, and a new one is dialled after `gapMs`. The old one ends without a close frame. */
  reconnect(gapMs: number): void;
  /** A new one is dialled at once; the old one closes in order when `closeAfterMs` are over. */
  replace(closeAfterMs: number): void;
  /** The WebSocket falls silent and stays open until the connection ends; a new one is dialled after `gapMs`. */
  abandon(gapMs: number): void;
}

/** A fault in force on one connection. What it leaves out it does not touch. */
export interface Fault {
  /** Asked before every dial: why it is to fail without being made. */
  beforeDial?(): Failure | undefined;
  /** A WebSocket has opened, or the fault has begun while one was open. */
  onOpen?(): void;
  /** A frame comes by; what is given to `pass` goes on, now or later. */
  onFrame?(frame: Frame, pass: (frame: Frame) => void): void;
  /** A whole WebSocket frame in another form of the same message. */
  onWrite?(bytes: Buffer): Buffer;
  /** A message as pieces that leave one by one, each in a turn of the event loop of its own. */
  onBytes?(bytes: Buffer): readonly Buffer[];
  /** How long the socket stays open when a mute closes it. */
  closeAfterMs?(): number;
  /** The connection is to close as soon as nothing is held any more. What need not wait goes on now. */
  onClosing?(): void;
  /** The WebSocket is gone: what is held for it is lost. */
  onLost?(): void;
  /** The fault's time is over: what is held goes on now. */
  end?(): void;
}

export interface FaultKind<Schema extends z.ZodObject = z.ZodObject> {
  /** In snake_case, as it is written in scenarios and after `--fault`. */
  readonly name: string;
  /** One line for help texts. */
  readonly summary: string;
  readonly options: Schema;
  /** The option that `name=value` sets. */
  readonly value?: keyof z.output<Schema> & string;
  /** It happens at one moment and has no length: its time must be given. */
  readonly instant?: true;
  /** How long it lasts when nobody says, in milliseconds; without it, until the end. */
  readonly lengthMs?: number;
  /** It holds frames for as long as it lasts: the end of the meeting ends it. */
  readonly holds?: true;
  /** As after `--fault`. For help, docs and arbitraries. */
  readonly examples: readonly [string, ...string[]];
  begin(options: z.output<Schema>, victim: Victim): Fault;
}

/** Keeps the type of the options together. */
export function faultKind<Schema extends z.ZodObject>(kind: FaultKind<Schema>): FaultKind<Schema> {
  return kind;
}

/** A fault that was asked for: what, when and to whom. */
export interface FaultSpec {
  readonly kind: FaultKind;
  readonly options: Readonly<Record<string, unknown>>;
  /** When it begins, in milliseconds of the meeting; undefined: from the first moment, or now. */
  readonly atMs: number | undefined;
  /** When it ends. */
  readonly untilMs: number | undefined;
  /** How long it lasts; in place of `untilMs`. */
  readonly forMs: number | undefined;
  /** Id of the participant whom it befalls; everybody when undefined. */
  readonly participantId: number | undefined;
  /** As it is written after `--fault`. */
  readonly text: string;
}

/** The same, in a meeting. */
export interface PlannedFault extends FaultSpec {
  /** Index of the participant. */
  readonly participant: number | undefined;
  /** Its place in the plan, from 0. */
  readonly number: number;
}
