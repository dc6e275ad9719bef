/**
 * One participant's audio in one unmuted interval, on its way to one endpoint: opens at the unmute, hands every frame to
 * the connection when it falls due, closes at the mute. The pacer runs it.
 */
import { rms } from '../audio/level.ts';
import type { StreamPlan } from '../scenario/timeline.ts';
import type { Connection } from './connection.ts';
import { type Base64Cache, FrameEncoder, type MessageContext, type Scratch } from './encoder.ts';
import { FrameCursor } from './frames.ts';
import type { Account, Ledger } from './ledger.ts';
import type { PacerTask } from './pacer.ts';

/** Samples per millisecond at 16 kHz. */
const SAMPLES_PER_MS = 16;

export interface StreamOptions {
  readonly plan: StreamPlan;
  readonly frameSamples: readonly number[];
  readonly message: MessageContext;
  readonly scratch: Scratch;
  readonly cache: Base64Cache | undefined;
  readonly ledger: Ledger;
  /** Meeting time of sample 0 for this participant, on the pacer's clock. */
  readonly originMs: number;
  /** Virtual time sends a frame at its timestamp, real time when its last sample has been spoken. */
  readonly virtual: boolean;
  /** The connection for this stream, dialled if need be. */
  open(): Connection;
  /** The stream is over: the mute has come. */
  close(connection: Connection): void;
}

/** What a message needs beside its audio, generously: to tell whether it fits before it is encoded. */
const MESSAGE_OVERHEAD_BYTES = 1_024;

export class Stream implements PacerTask {
  readonly plan: StreamPlan;
  connection: Connection | undefined;
  ended = false;
  /** Position behind the last frame that fell due; 0 before the first. */
  scheduledUntilSample = 0;
  readonly #options: StreamOptions;
  readonly #cursor: FrameCursor;
  readonly #encoder: FrameEncoder;
  #account: Account | undefined;
  #lastFrame: Int16Array | undefined;

  constructor(options: StreamOptions) {
    this.#options = options;
    this.plan = options.plan;
    this.#cursor = new FrameCursor(options.plan, options.frameSamples);
    this.#encoder = new FrameEncoder(options.message, options.scratch, options.cache);
  }

  /** Meeting time of the unmute on the pacer's clock. */
  get firstDueMs(): number {
    return this.#dueMs(this.plan.startSample);
  }

  /** Loudness of the frame sent last, 0 to 1. */
  get level(): number {
    return this.#lastFrame === undefined || this.ended ? 0 : rms(this.#lastFrame);
  }

  run(dueMs: number): number | undefined {
    if (this.ended) return undefined;
    if (this.connection === undefined) {
      this.connection = this.#options.open();
      this.#account = this.#accountFor(this.connection);
      return this.#nextDueMs();
    }
    if (this.#cursor.done) {
      this.ended = true;
      this.#options.close(this.connection);
      return undefined;
    }
    this.#sendFrame(this.connection, dueMs);
    this.#cursor.advance();
    return Math.max(dueMs, this.#nextDueMs());
  }

  /** Ends without sending the rest. */
  stop(): void {
    this.ended = true;
    this.#cursor.close();
  }

  #sendFrame(connection: Connection, dueMs: number): void {
    const { startSample, samples } = this.#cursor;
    const pcm = this.#cursor.read();
    this.#lastFrame = pcm;
    if (this.#account?.connection !== connection.record) this.#account = this.#accountFor(connection);
    const account = this.#account!;
    account.scheduled++;
    this.scheduledUntilSample = startSample + samples;
    const reason = connection.admits(MESSAGE_OVERHEAD_BYTES + Math.ceil((samples * 8) / 3));
    if (reason !== undefined) {
      account.drop(reason, startSample, samples);
      return;
    }
    const bytes = this.#encoder.encode(startSample, pcm);
    if (connection.offer(bytes, account, startSample, samples, dueMs)) this.#options.scratch.release();
  }

  #accountFor(connection: Connection): Account {
    return this.#options.ledger.account(connection.record, this.plan.participant);
  }

  #nextDueMs(): number {
    const { startSample, samples, done } = this.#cursor;
    if (done) return this.#dueMs(this.plan.endSample);
    return this.#dueMs(this.#options.virtual ? startSample : startSample + samples);
  }

  #dueMs(sample: number): number {
    return this.#options.originMs + sample / SAMPLES_PER_MS;
  }
}
