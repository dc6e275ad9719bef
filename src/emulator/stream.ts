/**
 * One participant's media in one interval (audio while unmuted, video while the camera is on), on its way to the endpoints that
 * asked for it: opens when it begins, reads every frame when it falls due and hands it to each connection, closes at its end.
 * The pacer runs it. Of what medium the frames are is known to the cursor that cuts them and to the encoders alone.
 */
import type { AudioSource } from '../audio/source.ts';
import { BYTES_PER_SAMPLE, SAMPLE_RATE } from '../protocol/pcm.ts';
import type { Interval } from '../scenario/timeline.ts';
import type { Connection } from './connection.ts';
import type { Scratch } from './encoder.ts';
import type { Account, Ledger, Medium } from './ledger.ts';
import { type Cursor, type Encoder, type FrameContent, samplesAt } from './media.ts';

import type { PacerTask } from './pacer.ts';

const SAMPLES_PER_MS = SAMPLE_RATE / 1_000;

/** Where a stream goes: one connection of one endpoint, with the messages that this endpoint gets. */
export interface StreamOutput<Content extends FrameContent = FrameContent> {
  readonly connection: Connection;
  readonly encoder: Encoder<Content>;
  /** No other stream uses the connection. */
  readonly exclusive: boolean;
  /** The stream is over: it needs the connection no more. */
  release(): void;
}

export interface StreamOptions<Content extends FrameContent> {
  readonly plan: Interval;
  readonly cursor: Cursor<Content>;
  readonly medium: Medium;
  readonly scratch: Scratch;
  /** Whether the outputs' encoders keep base64 of audio in memory. */
  readonly cached: boolean;
  readonly ledger: Ledger;
  /** Meeting time of sample 0 for this participant, on the pacer's clock. */
  readonly originMs: number;
  /** A frame leaves at its timestamp (in virtual time, and pictures), not when its last sample has been spoken. */
  readonly atStart: boolean;
  /** The stream begins: where the frames go, dialled if need be. None is fine. */
  open(): readonly StreamOutput<Content>[];
  /** The stream has ended, and the outputs have been released. */
  onEnd(): void;
  /** Every frame, when it falls due, whether or not it can be sent. The content is valid during the call only. */
  onFrame?: ((startSample: number, content: Content) => void) | undefined;
}

/** What a message needs beside its buffer, generously: to tell whether it fits before it is encoded. */
const MESSAGE_OVERHEAD_BYTES = 1_024;

/** Frames of one stream that leave together at most. */
const MAX_TOGETHER = 16;

/** One shape for all: the hot path reads its fields once per frame. */
class Output<Content extends FrameContent> {
  readonly connection: Connection;
  readonly encoder: Encoder<Content>;
  readonly exclusive: boolean;
  account: Account;
  readonly #output: StreamOutput<Content>;

  constructor(output: StreamOutput<Content>, account: Account) {
    this.connection = output.connection;
    this.encoder = output.encoder;
    this.exclusive = output.exclusive;
    this.account = account;
    this.#output = output;
  }

  release(): void {
    this.#output.release();
  }
}

export class Stream<Content extends FrameContent = FrameContent> implements PacerTask {
  readonly plan: Interval;
  ended = false;
  /** Position behind the last frame that fell due; 0 before the first. */
  scheduledUntilSample = 0;
  /** The frame passed last, if it was read; its content is valid until the next. */
  #lastContent: Content | undefined;
  /** Otherwise where it stands. */
  #lastSource: AudioSource | undefined;
  #lastOffset = 0;
  #lastSamples = 0;
  // What every frame needs of the options stands here: options are another object to be fetched, of many shapes.
  readonly #scratch: Scratch;
  readonly #onFrame: StreamOptions<Content>['onFrame'];
  readonly #originMs: number;
  readonly #atStart: boolean;
  readonly #cached: boolean;
  readonly #options: StreamOptions<Content>;
  readonly #cursor: Cursor<Content>;
  #outputs: Output<Content>[] | undefined;

  constructor(options: StreamOptions<Content>) {
    this.#options = options;
    this.plan = options.plan;
    this.#cursor = options.cursor;
    this.#cached = options.cached;
    this.#scratch = options.scratch;
    this.#onFrame = options.onFrame;
    this.#originMs = options.originMs;
    this.#atStart = options.atStart;
  }

  /** The frame passed last; its content is valid until the next. */
  get lastFrame(): Content | undefined {
    if (this.#lastSource === undefined) return this.#lastContent;
    // Only audio has a source.
    return samplesAt(this.#lastSource, this.#lastOffset, this.#lastSamples) as Content;
  }

  /** Whether it has begun. */
  get begun(): boolean {
    return this.#outputs !== undefined;
  }

  get outputs(): readonly StreamOutput<Content>[] {
    return this.#outputs ?? [];
  }

  /** Position of its end; exclusive. */
  get endSample(): number {
    return this.#cursor.endSample;
  }

  /** When `run` is due next, on the pacer's clock: the beginning, a frame or the end. */
  get nextDueMs(): number {
    if (this.#outputs === undefined) return this.#dueMs(this.plan.startSample);
    const { startSample, samples, done, endSample } = this.#cursor;
    if (done) return this.#dueMs(endSample);
    return this.#dueMs(this.#atStart ? startSample : startSample + samples);
  }

  run(dueMs: number, nowMs: number): number | undefined {
    if (this.ended) return undefined;
    if (this.#outputs === undefined) {
      this.#outputs = this.#options.open().map((output) => new Output(output, this.#accountFor(output)));
      return this.nextDueMs;
    }
    if (this.#cursor.done) {
      this.ended = true;
      for (const output of this.#outputs) output.release();
      this.#options.onEnd();
      return undefined;
    }
    if (this.#isBehind(dueMs, nowMs)) this.#catchUp(this.#outputs, dueMs, nowMs);
    else this.#passFrame(this.#outputs, dueMs, nowMs);
    return Math.max(dueMs, this.nextDueMs);
  }

  /** Whether more than the current frame is due: then the sender has more to do than it has time for. */
  #isBehind(dueMs: number, nowMs: number): boolean {
    if (this.#atStart || nowMs - dueMs < this.#cursor.samples / SAMPLES_PER_MS) return false;
    // On a shared connection the other streams' frames belong between ours.
    return this.#outputs!.every(({ exclusive }) => exclusive);
  }

  /**
   * Sends all frames that are due in one system call. These calls are what a sender spends its time on, so one that has
   * fallen behind gets back in time by making fewer of them.
   */
  #catchUp(outputs: readonly Output<Content>[], dueMs: number, nowMs: number): void {
    const passAll = (): void => {
      let frameDueMs = dueMs;
      for (let frames = 0; frames < MAX_TOGETHER && !this.#cursor.done && frameDueMs <= nowMs; frames++) {
        this.#passFrame(outputs, frameDueMs, nowMs);
        frameDueMs = this.nextDueMs;
      }
    };
    outputs.reduce(
      (send, { connection }) =>
        () =>
          connection.together(send),
      passAll,
    )();
  }

  /** Ends it at a position; see `Cursor.cut`. The caller has to run it by its new `nextDueMs`. */
  cut(atSample: number): number {
    return this.#cursor.cut(atSample);
  }

  /** Passes what is left at once, instead of when it falls due, and ends. For a pause that is over before its last frame. */
  finish(nowMs: number): void {
    while (!this.ended) this.run(this.nextDueMs, nowMs);
  }

  /** Ends without sending the rest. */
  stop(): void {
    this.ended = true;
    this.#cursor.close();
  }

  #passFrame(outputs: readonly Output<Content>[], dueMs: number, nowMs: number): void {
    const cursor = this.#cursor;
    const { startSample, samples, offset } = cursor;
    const source = this.#cached ? cursor.source : undefined;
    // Of samples whose base64 is kept nothing is needed, unless somebody wants to see them: a view takes as long as a copy.
    const content = source === undefined || this.#onFrame !== undefined ? cursor.read() : undefined;
    this.#lastSource = source;
    this.#lastOffset = offset;
    this.#lastSamples = samples;
    this.scheduledUntilSample = startSample + samples;
    if (content !== undefined) {
      if (source === undefined) this.#lastContent = content;
      this.#onFrame?.(startSample, content);
    }
    const bytes = content?.byteLength ?? samples * BYTES_PER_SAMPLE;
    for (let index = 0; index < outputs.length; index++) {
      const output = outputs[index]!;
      if (!this.#admits(output, startSample, samples, bytes)) continue;
      const { encoder } = output;
      const message =
        source === undefined
          ? encoder.encode(startSample, content!)
          : encoder.encodeAt(startSample, source, offset, samples);
      if (output.connection.offer(message, output.account, startSample, samples, nowMs - dueMs))
        this.#scratch.release();
    }
    cursor.advance();
  }

  /** Whether the connection takes a frame with so many bytes of content now. It is accounted for if not. */
  #admits(output: Output<Content>, startSample: number, samples: number, bytes: number): boolean {
    const { connection } = output;
    // A connection that was lost has a new WebSocket with an account of its own.
    if (output.account.connection !== connection.record) output.account = this.#accountFor(output);
    const { account } = output;
    account.scheduled++;
    const reason = connection.admits(MESSAGE_OVERHEAD_BYTES + Math.ceil((bytes * 4) / 3));
    if (reason === undefined) return true;
    account.drop(reason, startSample, samples, connection.failure);
    return false;
  }

  #accountFor({ connection }: { readonly connection: Connection }): Account {
    const { ledger, medium } = this.#options;
    return ledger.account(connection.record, this.plan.participant, medium);
  }

  #dueMs(sample: number): number {
    return this.#originMs + sample / SAMPLES_PER_MS;
  }
}
