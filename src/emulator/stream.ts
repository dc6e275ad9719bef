/**
 * One participant's audio in one unmuted interval, on its way to the endpoints that asked for it: opens at the unmute,
 * reads every frame when it falls due and hands it to each connection, closes at the mute. The pacer runs it.
 */
import { rms } from '../audio/level.ts';
import { SAMPLE_RATE } from '../protocol/pcm.ts';
import type { Segment, StreamPlan } from '../scenario/timeline.ts';
import type { Connection } from './connection.ts';
import type { AudioPlace, FrameEncoder, Scratch } from './encoder.ts';
import { FrameCursor } from './frames.ts';
import type { Account, Ledger } from './ledger.ts';
import type { PacerTask } from './pacer.ts';

const SAMPLES_PER_MS = SAMPLE_RATE / 1_000;

/** Where a stream goes: one connection of one endpoint, with the messages that this endpoint gets. */
export interface StreamOutput {
  readonly connection: Connection;
  readonly encoder: FrameEncoder;
  /** No other stream uses the connection. */
  readonly exclusive: boolean;
  /** The stream is over: it needs the connection no more. */
  release(): void;
}

export interface StreamOptions {
  readonly plan: StreamPlan;
  readonly frameSamples: readonly number[];
  readonly scratch: Scratch;
  /** Whether the outputs' encoders keep base64 of audio in memory. */
  readonly cached: boolean;
  readonly ledger: Ledger;
  /** Meeting time of sample 0 for this participant, on the pacer's clock. */
  readonly originMs: number;
  /** Virtual time sends a frame at its timestamp, real time when its last sample has been spoken. */
  readonly virtual: boolean;
  /** The unmute has come: where the frames go, dialled if need be. None is fine. */
  open(): readonly StreamOutput[];
  /** The mute has come, and the outputs have been released. */
  onEnd(): void;
  /** Every frame, when it falls due, whether or not it can be sent. The samples are valid during the call only. */
  onFrame?: ((startSample: number, pcm: Int16Array) => void) | undefined;
}

/** What a message needs beside its audio, generously: to tell whether it fits before it is encoded. */
const MESSAGE_OVERHEAD_BYTES = 1_024;

/** Frames of one stream that leave together at most. */
const MAX_TOGETHER = 16;

interface Output extends StreamOutput {
  account: Account;
}

export class Stream implements PacerTask {
  readonly plan: StreamPlan;
  ended = false;
  /** Position behind the last frame that fell due; 0 before the first. */
  scheduledUntilSample = 0;
  readonly #options: StreamOptions;
  readonly #cursor: FrameCursor;
  #outputs: Output[] | undefined;
  #lastFrame: Int16Array | undefined;

  constructor(options: StreamOptions) {
    this.#options = options;
    this.plan = options.plan;
    this.#cursor = new FrameCursor(options.plan, options.frameSamples);
  }

  /** Whether the unmute has come. */
  get begun(): boolean {
    return this.#outputs !== undefined;
  }

  get outputs(): readonly StreamOutput[] {
    return this.#outputs ?? [];
  }

  /** Position of the mute; exclusive. */
  get endSample(): number {
    return this.#cursor.endSample;
  }

  /** When `run` is due next, on the pacer's clock: the unmute, a frame or the mute. */
  get nextDueMs(): number {
    if (this.#outputs === undefined) return this.#dueMs(this.plan.startSample);
    const { startSample, samples, done, endSample } = this.#cursor;
    if (done) return this.#dueMs(endSample);
    return this.#dueMs(this.#options.virtual ? startSample : startSample + samples);
  }

  /** Loudness of the frame sent last, 0 to 1. */
  get level(): number {
    return this.#lastFrame === undefined || this.ended ? 0 : rms(this.#lastFrame);
  }

  run(dueMs: number, nowMs: number): number | undefined {
    if (this.ended) return undefined;
    if (this.#outputs === undefined) {
      this.#outputs = this.#options
        .open()
        .map((output) => ({ ...output, account: this.#accountFor(output) }));
      return this.nextDueMs;
    }
    if (this.#cursor.done) {
      this.ended = true;
      for (const output of this.#outputs) output.release();
      this.#options.onEnd();
      return undefined;
    }
    if (this.#isBehind(dueMs, nowMs)) this.#catchUp(this.#outputs, dueMs, nowMs);
    else this.#passFrame(this.#outputs, dueMs);
    return Math.max(dueMs, this.nextDueMs);
  }

  /** Whether more than the current frame is due: then the sender has more to do than it has time for. */
  #isBehind(dueMs: number, nowMs: number): boolean {
    if (this.#options.virtual || nowMs - dueMs < this.#cursor.samples / SAMPLES_PER_MS) return false;
    // On a shared connection the other streams' frames belong between ours.
    return this.#outputs!.every(({ exclusive }) => exclusive);
  }

  /**
   * Sends all frames that are due in one system call. These calls are what a sender spends its time on, so one that has
   * fallen behind gets back in time by making fewer of them.
   */
  #catchUp(outputs: readonly Output[], dueMs: number, nowMs: number): void {
    const passAll = (): void => {
      let frameDueMs = dueMs;
      for (let frames = 0; frames < MAX_TOGETHER && !this.#cursor.done && frameDueMs <= nowMs; frames++) {
        this.#passFrame(outputs, frameDueMs);
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

  /** Replaces what comes from a position on; see `FrameCursor.replaceFrom`. The caller has to run it by its new `nextDueMs`. */
  replaceFrom(
    atSample: number,
    segmentsFrom: (sample: number) => readonly Segment[],
    endSample: number,
  ): number {
    return this.#cursor.replaceFrom(atSample, segmentsFrom, endSample);
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

  #passFrame(outputs: readonly Output[], dueMs: number): void {
    const { startSample, samples } = this.#cursor;
    const pcm = this.#cursor.read();
    this.#lastFrame = pcm;
    this.scheduledUntilSample = startSample + samples;
    this.#options.onFrame?.(startSample, pcm);
    const place = this.#options.cached ? this.#cursor.place : undefined;
    for (const output of outputs) this.#send(output, startSample, pcm, place, dueMs);
    this.#cursor.advance();
  }

  #send(
    output: Output,
    startSample: number,
    pcm: Int16Array,
    place: AudioPlace | undefined,
    dueMs: number,
  ): void {
    const { connection, encoder } = output;
    // A connection that was lost has a new WebSocket with an account of its own.
    if (output.account.connection !== connection.record) output.account = this.#accountFor(output);
    const { account } = output;
    const samples = pcm.length;
    account.scheduled++;
    const reason = connection.admits(MESSAGE_OVERHEAD_BYTES + Math.ceil((samples * 8) / 3));
    if (reason !== undefined) {
      account.drop(reason, startSample, samples, connection.failure);
      return;
    }
    const bytes = encoder.encode(startSample, pcm, place);
    if (connection.offer(bytes, account, startSample, samples, dueMs)) this.#options.scratch.release();
  }

  #accountFor({ connection }: StreamOutput): Account {
    return this.#options.ledger.account(connection.record, this.plan.participant);
  }

  #dueMs(sample: number): number {
    return this.#options.originMs + sample / SAMPLES_PER_MS;
  }
}
