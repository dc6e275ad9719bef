/**
 * One open WebSocket: frames go out on its socket, what comes in is counted, and its end is written into its record.
 * Accounts for every frame until the operating system has it. Does not retry and does not know what it carries.
 */
import type net from 'node:net';
import { TLSSocket } from 'node:tls';
import { WebSocket } from 'ws';
import { plainText } from '../plain-text.ts';
import type { Dial } from './dial.ts';
import { describeError } from './dial-failure.ts';
import { type Failure, failure } from './failure.ts';
import { InFlight, InFlightQueue, NEVER } from './in-flight.ts';
import { Incoming } from './incoming.ts';
import { describeMessage } from './last-message.ts';
import { type Account, type ConnectionRecord, lossReason } from './ledger.ts';
import { Pings } from './pings.ts';
import { describeEnd, type Ending, endsAfterQueue } from './wire-end.ts';
import type { WireOptions } from './wire-options.ts';

/** Bytes of pongs that may wait for a receiver which pings and does not read; later pings are answered when it does. */
const MAX_PONG_BACKLOG_BYTES = 64 * 1024;
const EXCERPT_CHARACTERS = 200;

export class Wire {
  readonly record: ConnectionRecord;
  readonly #socket: net.Socket;
  readonly #webSocket: WebSocket;
  readonly #options: WireOptions;

  readonly #inFlight = new InFlightQueue();
  /** How many frames the socket was given, and the operating system has of them. */
  #written = 0;
  #taken = 0;
  /** Bytes written since `cork`: they wait for `uncork`, not for the receiver. */
  #corkedBytes = 0;
  /** We began to end it: with a close frame, or without one (in a planned reconnect, or because a loss was asked for). */
  #ending: Ending | undefined;
  /** Why a loss that was asked for came. */
  #endedFor: Failure = failure('dropped_on_demand', 'connection dropped on demand');
  #closed = false;
  #midFrame = false;
  /** An RST was asked for in the middle of a frame: it comes behind it. */
  #resetFor: Failure | undefined;
  /** An RST waits for the pong of a last ping. */
  #awaitsPong = false;
  #releaseTime: (() => void) | undefined;
  #cancelStall: (() => void) | undefined;
  #cancelDeadline: (() => void) | undefined;
  #stalled = false;
  #blockedSinceMs: number | undefined;
  /** The last ping that has no pong yet, while the receiver does not read. */
  #unansweredPing: Buffer | undefined;
  readonly #pings = new Pings();
  readonly #incoming: Incoming;
  #messagesUnderstood = 0;
  /** What was written last; of a piece of a message, nobody's. */
  #lastBytes: Buffer | undefined;
  #lastAccount: Account | undefined;
  #socketError: (Error & { code?: string }) | undefined;
  /** One function for all writes: Node batches the callbacks of one tick when they are the same. */
  readonly #onFlushed = (error?: Error | null): void => {
    // A socket that has failed is about to end: what it did not take is dropped then, with the reason.
    if (!this.#closed && !error) this.#inFlight.flushedUntil(++this.#taken);
  };

  constructor(dialled: Dial, options: WireOptions) {
    this.#options = options;
    this.record = options.record;
    this.#socket = dialled.socket();
    this.#webSocket = dialled.webSocket;
    this.#socket.on('drain', () => {
      this.#unblock();
      this.#resumeTime();
      this.#answerPing();
    });
    // ws destroys the socket for an error and says nothing of it.
    this.#socket.prependListener('error', (error) => {
      this.#socketError = error;
    });
    this.#incoming = new Incoming(this.#socket);
    if (options.tolerateInvalidFrames) this.#incoming.leaveOutStrayBytes(options.onLog);
    this.#webSocket.on('message', (data: Buffer, isBinary: boolean) => this.#onMessage(data, isBinary));
    this.#webSocket.on('ping', (data: Buffer) => this.#onPing(data));
    this.#webSocket.on('pong', (data: Buffer) => this.#onPong(data));
    this.#webSocket.on('error', (error) => {
      const stray = this.#incoming.describe(this.#messagesUnderstood === 0);
      this.record.error ??= describeError(error, options.url, 'open', stray, this.#incoming.isPlain);
    });
    this.#webSocket.on('close', (code: number, reason: Buffer) =>
      this.#onClose(code, reason.toString('utf8')),
    );
  }

  /** Whether so many bytes more may wait for the operating system, of which `maxBytes` may. What waits alone always may. */
  hasRoomFor(bytes: number, maxBytes: number): boolean {
    const backlogBytes = this.#socket.writableLength - this.#corkedBytes;
    return backlogBytes === 0 || backlogBytes + bytes <= maxBytes;
  }

  /** Sends a frame. Returns true when the bytes are still queued, so that the caller must leave them alone. */
  write(bytes: Buffer, account: Account, startSample: number, samples: number): boolean {
    account.send(startSample, samples);
    // Once an end has begun, nothing may follow: it stays in flight until the end, which tells why. Virtual time waits for that.
    if (this.#isEnding) {
      this.#inFlight.push(new InFlight(NEVER, account, startSample, samples));
      this.#releaseTime ??= this.#options.clock.hold();
      return false;
    }
    this.#lastBytes = bytes;
    this.#lastAccount = account;
    this.#options.tap?.listener?.(this.record, bytes, account, startSample);
    const socket = this.#socket;
    const room = socket.write(bytes, this.#onFlushed);
    this.#written++;
    this.record.bytesWritten += bytes.length;
    // What the operating system takes at once need not be remembered, and that is nearly all. A failed socket has no room.
    if (room && socket.writableLength === 0) return false;
    this.#inFlight.push(new InFlight(this.#written, account, startSample, samples));
    if (socket.writableCorked > 0) this.#corkedBytes += bytes.length;
    else if (!room) this.#block();
    if (!room && this.#options.clock.waits) this.#stopTime();
    return socket.writableLength > 0;
  }

  get #isEnding(): boolean {
    return (
      this.#ending !== undefined || this.#socket.destroyed || this.#webSocket.readyState !== WebSocket.OPEN
    );
  }

  /** Frames that are written until `uncork` leave together, in one system call. */
  cork(): void {
    this.#socket.cork();
  }

  uncork(): void {
    this.#corkedBytes = 0;
    this.#socket.uncork();
  }

  /** Writes bytes that are no frame of an account: a part of one, or what a fault has made. False when an end has begun. */
  writePart(bytes: Buffer): boolean {
    if (this.#isEnding) return false;
    this.#lastBytes = bytes;
    this.#lastAccount = undefined;
    this.#options.tap?.listener?.(this.record, bytes, undefined, 0);
    this.#socket.write(bytes);
    this.record.bytesWritten += bytes.length;
    return true;
  }

  /** Whether a part of a frame has been written, and the rest has not: then nothing else may be. */
  set midFrame(value: boolean) {
    this.#midFrame = value;
    if (!value) this.#answerPing();
    if (!value && this.#resetFor !== undefined) this.reset(this.#resetFor);
  }

  /** Sends a ping. Calls back with the milliseconds until its own pong came; never when that does not come. */
  ping(onPong?: (ms: number) => void): void {
    if (this.#isEnding || this.#midFrame) return;
    const { clock, closeTimeoutMs } = this.#options;
    if (onPong === undefined) this.#pings.askInTurn(this.#webSocket, clock, closeTimeoutMs);
    else this.#pings.ask(this.#webSocket, clock.now(), onPong);
  }

  /** Closes with 1000; what is queued goes out first. Ends at the latest when the time for a close is over. */
  close(): void {
    if (this.#ending !== undefined || this.#closed) return;
    this.#ending = 'close';
    this.#holdTimeUntilClosed();
    this.#webSocket.close(1000);
  }

  /**
   * Ends the TCP connection after what is queued, without a close frame: the receiver sees code 1006. A receiver that does not
   * read is not waited for longer than for a close.
   */
  endWithoutCloseFrame(why: 'reconnect' | 'drop', failure = this.#endedFor): void {
    if (this.#ending !== undefined || this.#closed) return;
    this.#ending = why;
    this.#endedFor = failure;
    this.#holdTimeUntilClosed();
    this.#cancelDeadline = this.#options.clock.afterWall(this.#options.closeTimeoutMs, () =>
      this.#webSocket.terminate(),
    );
    this.#socket.end(() => this.#webSocket.terminate());
  }

  /**
   * Ends the TCP connection by an RST, which destroys what has not been read, though it counts as sent. So the RST waits for the pong
   * of a last ping, but no longer than for a close: without a pong, what was sent is in doubt.
   */
  reset(why: Failure): void {
    if (this.#isEnding) return;
    if (this.#midFrame) {
      this.#resetFor = why;
      return;
    }
    const { clock, closeTimeoutMs } = this.#options;
    this.#pings.ask(this.#webSocket, clock.now(), () => this.#resetNow(true));
    this.#awaitsPong = true;
    this.#ending = 'reset';
    this.#endedFor = why;
    this.#holdTimeUntilClosed();
    this.#cancelDeadline = clock.afterWall(closeTimeoutMs, () => this.#resetNow(false));
  }

  /** Over TLS there is no way to an RST: the connection just ends. */
  #resetNow(allIsRead: boolean): void {
    this.#awaitsPong = false;
    this.record.sentInDoubt = !allIsRead;
    if (this.#socket instanceof TLSSocket) this.#socket.destroy();
    else this.#socket.resetAndDestroy();
  }

  /** Nothing is written or read any more, and nothing ends, until `closeNow`: as when a cable is cut. */
  fallSilent(why: Failure): void {
    if (this.#ending !== undefined || this.#closed) return;
    this.#ending = 'silence';
    this.#endedFor = why;
    this.#socket.pause();
  }

  /** For interrupts: closes in order if that has not begun; an end without a close frame does not wait for the receiver any more. */
  closeNow(): void {
    if (this.#ending === undefined || this.#ending === 'close') this.close();
    else if (this.#awaitsPong) this.#resetNow(false);
    else this.#webSocket.terminate();
  }

  /** Virtual time waits, so that a successor opens only when this one has ended. */
  #holdTimeUntilClosed(): void {
    this.#webSocket.once('close', this.#options.clock.hold());
  }

  #onMessage(data: Buffer, isBinary: boolean): void {
    this.#messagesUnderstood++;
    this.record.messagesReceived++;
    const text = isBinary
      ? `${data.length} bytes`
      : plainText(data.subarray(0, 4 * EXCERPT_CHARACTERS).toString('utf8'), EXCERPT_CHARACTERS);
    this.#options.onLog('debug', `receiver sent a message: ${text}`);
  }

  /**
   * Answers pings ourselves: ws ends a connection for many pings in a burst. While the receiver does not read, the last one is
   * enough (RFC 6455 §5.5.3).
   */
  #onPing(data: Buffer): void {
    this.#messagesUnderstood++;
    this.record.pingsReceived++;
    this.#options.onLog('debug', 'receiver sent a ping');
    this.#unansweredPing = data;
    if (this.#socket.writableLength < MAX_PONG_BACKLOG_BYTES) this.#answerPing();
  }

  #answerPing(): void {
    if (this.#midFrame) return;
    const data = this.#unansweredPing;
    this.#unansweredPing = undefined;
    if (data !== undefined && !this.#isEnding) this.#webSocket.pong(data);
  }

  #onPong(data: Buffer): void {
    this.#messagesUnderstood++;
    this.#pings.answered(data, this.#options.clock.now());
  }

  /** A receiver that is full: virtual time waits for it, but not for ever. */
  #stopTime(): void {
    if (this.#releaseTime !== undefined || this.#stalled) return;
    this.#releaseTime = this.#options.clock.hold();
    this.#cancelStall = this.#options.clock.afterWall(this.#options.stallTimeoutMs, () => {
      this.#options.onLog(
        'warn',
        `receiver has not read for ${this.#options.stallTimeoutMs / 1_000} s; going on without waiting`,
      );
      this.#resumeTime();
      this.#stalled = true;
    });
  }

  #resumeTime(): void {
    this.#stalled = false;
    this.#cancelStall?.();
    this.#releaseTime?.();
    this.#releaseTime = undefined;
  }

  #block(): void {
    this.#blockedSinceMs ??= this.#options.clock.now();
    this.record.maxBacklogBytes = Math.max(this.record.maxBacklogBytes, this.#socket.writableLength);
  }

  #unblock(): void {
    if (this.#blockedSinceMs === undefined) return;
    this.record.blockedMs += this.#options.clock.now() - this.#blockedSinceMs;
    this.#blockedSinceMs = undefined;
  }

  #onClose(code: number, reason: string): void {
    this.#unblock();
    this.#cancelDeadline?.();
    // The receiver has ended it before our RST did.
    if (this.#awaitsPong) this.#ending = undefined;
    const { record } = this;
    record.closeCode = code;
    record.closeReason = plainText(reason);
    record.endedBy = this.#ending === undefined ? 'receiver' : 'emulator';
    record.error ??= describeEnd(this.#ending, record, {
      asked: this.#endedFor,
      socketError: this.#socketError,
      url: this.#options.url,
    });
    if (record.endedBy === 'receiver' && this.#lastBytes !== undefined)
      record.lastMessage = describeMessage(this.#lastBytes, this.#lastAccount);
    this.#lastBytes = undefined;
    // We have told 1000, whether or not it was answered.
    if (this.#ending === 'close' && code === 1006) record.closeCode = 1000;
    // Whatever has not left by now never will.
    for (const entry of this.#inFlight.drain()) this.#undo(entry);
    this.#closed = true;
    this.#pings.clear();
    this.#resumeTime();
    this.#options.onClosed();
  }

  /** The operating system never got this frame after all. */
  #undo({ number, account, startSample, samples }: InFlight): void {
    account.sent--;
    account.sentSamples -= samples;
    const error = this.record.error ?? undefined;
    // We end after what is queued: what is left of that is what the receiver did not read.
    if (endsAfterQueue(this.#ending) && number !== NEVER) account.drop('slow_receiver', startSample, samples);
    else account.drop(lossReason(error), startSample, samples, error);
  }
}
