/**
 * The ledger: the account of every frame. A frame is scheduled when it falls due, and ends as sent (handed to the
 * operating system) or dropped with a reason; nothing else can happen to it. Reports and exit codes come from here.
 */
import type { Participant } from '../protocol/participant.ts';
import { SAMPLE_RATE } from '../protocol/pcm.ts';
import { PICTURES_PER_SECOND, type VideoType } from '../protocol/video-separate-png.ts';
import type { DialRecord } from './dials.ts';
import { type Failure, isOnDemand } from './failure.ts';
import { Histogram } from './histogram.ts';

/**
 * Why a frame was not sent.
 * - `disconnected`: there was no connection when it fell due, or the connection broke before it left.
 * - `slow_receiver`: the receiver did not read, and the backlog was full.
 * - `reconnecting`: in the gap of a reconnect that was asked for (`reconnectEverySeconds`); not the receiver's fault.
 * - `on_demand`: while a loss lasted that a test or a person asked for (the control API's drop and refuse).
 * - `endpoint_failed`: the endpoint had failed for good, after the last retry.
 * - `fault`: a fault that was asked for lost it (`--fault`, a scenario's `faults`); not the receiver's fault.
 */
export const DROP_REASONS = [
  'disconnected',
  'slow_receiver',
  'reconnecting',
  'on_demand',
  'endpoint_failed',
  'fault',
] as const;
export type DropReason = (typeof DROP_REASONS)[number];

/** Reasons of losses that somebody asked for: no failure of a run. */
const ASKED_FOR: ReadonlySet<DropReason> = new Set(['on_demand', 'fault', 'reconnecting']);

/** How many were lost, for whatever reason. */
export function totalOf(dropped: Readonly<Record<DropReason, number>>): number {
  return DROP_REASONS.reduce((sum, reason) => sum + dropped[reason], 0);
}

/** How many of these losses nobody asked for. */
export function unasked(dropped: Readonly<Record<DropReason, number>>): number {
  return DROP_REASONS.reduce((sum, reason) => sum + (ASKED_FOR.has(reason) ? 0 : dropped[reason]), 0);
}

/** A count for every reason, all zero. */
export function noDrops(): Record<DropReason, number> {
  return { disconnected: 0, slow_receiver: 0, reconnecting: 0, on_demand: 0, endpoint_failed: 0, fault: 0 };
}

/** The reason of what is lost while this is wrong. */
export function lossReason(why: Failure | undefined): DropReason {
  if (why === undefined || !isOnDemand(why)) return 'disconnected';
  return why.code === 'fault' ? 'fault' : 'on_demand';
}

/**
 * What an account counts, and in what unit. Positions are the same for every medium: the meeting's grid of 16,000 a second,
 * because frames of several media wait together on a shared connection. A sample lasts one of them, a picture as many as lie
 * between it and the next.
 */
export interface Medium {
  readonly name: 'audio' | VideoType;
  readonly unit: 'sample' | 'picture';
  /** Positions that one unit lasts. */
  readonly unitSamples: number;
}

export const AUDIO: Medium = { name: 'audio', unit: 'sample', unitSamples: 1 };
const PICTURE = { unit: 'picture', unitSamples: SAMPLE_RATE / PICTURES_PER_SECOND } as const;
export const WEBCAM: Medium = { name: 'webcam', ...PICTURE };
export const SCREENSHARE: Medium = { name: 'screenshare', ...PICTURE };

/** One WebSocket, from the first dial on: the attempts it took, its opening and its end. Times in meeting seconds. */
export interface ConnectionRecord {
  readonly endpointIndex: number;
  /** 1, 2, 3… in the order of dialling. */
  readonly number: number;
  openedSeconds: number | null;
  closedSeconds: number | null;
  /** 1006 when it ended without a close frame, as WebSocket APIs report it. */
  closeCode: number | null;
  /** Safe to print. */
  closeReason: string | null;
  readonly dials: DialRecord[];
  /** Who began its end: `receiver` also for what nobody asked for, such as a broken network. Null while it is open, or never was. */
  endedBy: 'emulator' | 'receiver' | null;
  /** Dials after the first. */
  retries: number;
  /** What went wrong with it: why it was lost, or why the last dial failed. */
  error: Failure | null;
  /** Text or binary messages that the receiver sent to us. */
  messagesReceived: number;
  pingsReceived: number;
  /** Bytes of WebSocket frames that were written. */
  bytesWritten: number;
  /** Milliseconds during which the socket had no room: the receiver did not read. */
  blockedMs: number;
  maxBacklogBytes: number;
  /** A fault reset it, and the receiver had not shown that it had read all: some of what counts as sent may be destroyed. */
  sentInDoubt: boolean;
  /** What came before its end, when that was none of ours; null also when it was a piece of a message. */
  lastMessage: LastMessage | null;
}

/** The last message that was written to a connection. */
export interface LastMessage {
  readonly kind: 'text' | 'binary';
  /** Of its WebSocket frame. */
  readonly bytes: number;
  /** Its `event`; empty when it does not begin with one. Safe to print. */
  readonly event: string;
}

/** A range of positions that was scheduled and not sent; `endSample` is exclusive. */
export interface MissingRange {
  readonly startSample: number;
  readonly endSample: number;
}

/** The participant of accounts that count events instead of audio: messages of the whole endpoint. */
export const ENDPOINT_EVENTS = -1;

/** The frames of one participant in one medium on one connection. */
export class Account {
  /** Index of the participant, or `ENDPOINT_EVENTS`. */
  readonly participant: number;
  readonly connection: ConnectionRecord;
  readonly medium: Medium;
  scheduled = 0;
  sent = 0;
  /** Frames that wait for a handshake or in a socket; zero at the end. */
  pending = 0;
  /** Positions that the sent frames last. */
  sentSamples = 0;
  /** Messages that a fault sent beside the frames: duplicates, malformed and unknown ones. No frames of ours. */
  injected = 0;
  readonly dropped = noDrops();
  /** Of the dropped ones: what had gone wrong with the connection at that time. */
  readonly causes = new Map<Failure, number>();
  readonly lateness: Histogram;
  readonly missing: MissingRange[] = [];
  readonly #watch: LedgerWatch | undefined;

  constructor(
    participant: number,
    connection: ConnectionRecord,
    lateness = new Histogram(),
    medium: Medium = AUDIO,
    watch?: LedgerWatch | undefined,
  ) {
    this.#watch = watch;
    this.participant = participant;
    this.connection = connection;
    this.medium = medium;
    this.lateness = lateness;
  }

  get droppedTotal(): number {
    return totalOf(this.dropped);
  }

  /** Of the sent ones: those that a reset may have destroyed on their way. */
  get inDoubt(): number {
    return this.connection.sentInDoubt ? this.sent : 0;
  }

  /** It has been written. */
  send(startSample: number, samples: number): void {
    this.sent++;
    this.sentSamples += samples;
    this.#watch?.sent(this, startSample, samples);
  }

  /** `cause`: what is wrong with the connection, where that is the reason. */
  drop(reason: DropReason, startSample: number, samples: number, cause?: Failure): void {
    this.dropped[reason]++;
    this.#watch?.dropped(this, startSample, samples, reason);
    if (cause !== undefined) this.causes.set(cause, (this.causes.get(cause) ?? 0) + 1);
    if (samples === 0) return;
    const endSample = startSample + samples;
    const last = this.missing.at(-1);
    if (last?.endSample === startSample)
      this.missing[this.missing.length - 1] = { startSample: last.startSample, endSample };
    else this.missing.push({ startSample, endSample });
  }
}

/**
 * Whoever looks at a session while it plays. Called in the middle of a frame: it must be quick, and must not throw. Positions are
 * samples since the recording started.
 */
export interface LedgerWatch {
  /** A participant is unmuted: what their messages say of them until the mute. */
  streamBegins(participant: number, startSample: number, as: Participant): void;
  streamEnds(participant: number, endSample: number): void;
  /** Audio falls due, whether or not it can be sent. Valid during the call only. */
  audio(participant: number, startSample: number, pcm: Int16Array): void;
  /** An event that belongs to the whole call is about to be sent, or dropped. */
  event(account: Account, sample: number, event: string, json: string): void;
  /** A frame, a picture or an event has been written. It may still be dropped, if its connection breaks before it leaves. */
  sent(account: Account, startSample: number, samples: number): void;
  dropped(account: Account, startSample: number, samples: number, reason: DropReason): void;
}

export class Ledger {
  readonly connections: ConnectionRecord[] = [];
  readonly accounts: Account[] = [];
  /** Set before the first account is made. */
  watch: LedgerWatch | undefined;
  readonly #byMedium = new Map<Medium, Map<ConnectionRecord, Map<number, Account>>>();
  readonly #lateness: Histogram | undefined;

  /** `lateness`: one histogram for all accounts, where nobody asks for each of them. */
  constructor(lateness?: Histogram) {
    this.#lateness = lateness;
  }

  openConnection(endpointIndex: number): ConnectionRecord {
    const record: ConnectionRecord = {
      endpointIndex,
      number: this.connections.length + 1,
      openedSeconds: null,
      closedSeconds: null,
      closeCode: null,
      closeReason: null,
      dials: [],
      endedBy: null,
      retries: 0,
      error: null,
      messagesReceived: 0,
      pingsReceived: 0,
      bytesWritten: 0,
      blockedMs: 0,
      maxBacklogBytes: 0,
      sentInDoubt: false,
      lastMessage: null,
    };
    this.connections.push(record);
    return record;
  }

  account(connection: ConnectionRecord, participant: number, medium: Medium = AUDIO): Account {
    let connections = this.#byMedium.get(medium);
    if (connections === undefined) {
      connections = new Map();
      this.#byMedium.set(medium, connections);
    }
    let accounts = connections.get(connection);
    if (accounts === undefined) {
      accounts = new Map();
      connections.set(connection, accounts);
    }
    let account = accounts.get(participant);
    if (account === undefined) {
      account = new Account(participant, connection, this.#lateness, medium, this.watch);
      accounts.set(participant, account);
      this.accounts.push(account);
    }
    return account;
  }

  /** Of audio: video is told apart, and events that belong to the whole call are no frames. */
  totals(): {
    scheduled: number;
    sent: number;
    injected: number;
    inDoubt: number;
    dropped: Record<DropReason, number>;
    droppedTotal: number;
  } {
    const dropped = noDrops();
    let scheduled = 0;
    let injected = 0;
    let sent = 0;
    let inDoubt = 0;
    for (const account of this.accounts) {
      if (account.participant === ENDPOINT_EVENTS || account.medium !== AUDIO) continue;
      scheduled += account.scheduled;
      sent += account.sent;
      injected += account.injected;
      inDoubt += account.inDoubt;
      for (const reason of DROP_REASONS) dropped[reason] += account.dropped[reason];
    }
    return { scheduled, sent, injected, inDoubt, dropped, droppedTotal: scheduled - sent };
  }
}
