/**
 * One open WebSocket: frames go out on its socket, what comes in is counted, and its end is written into its record.
 * Accounts for every frame until the operating system has it. Does not retry and does not know what it carries.
 */
import type net from 'node:net';
import type { WebSocket } from 'ws';
import type { Clock } from './clock.ts';
import { type Dial, describeError } from './dial.ts';
import type { Account, ConnectionRecord } from './ledger.ts';

export interface WireOptions {
  readonly clock: Clock;
  readonly url: string;
  readonly stallTimeoutMs: number;
  readonly tolerateInvalidFrames: boolean;
  readonly record: ConnectionRecord;
  onLog(level: 'debug' | 'info' | 'warn', text: string): void;
  onClosed(): void;
}

interface InFlight {
  readonly account: Account;
  readonly startSample: number;
  readonly samples: number;
}

/** The oldest in-flight entries are cut off in steps of this many, not one by one. */
const COMPACT_AFTER = 1_024;

export class Wire {
  readonly record: ConnectionRecord;
  readonly #socket: net.Socket;
  readonly #webSocket: WebSocket;
  readonly #options: WireOptions;
  /** Written, and not yet taken by the operating system; oldest first, from `#inFlightHead` on. */
  readonly #inFlight: InFlight[] = [];
  #inFlightHead = 0;
  /** We began to end it: with a close frame, or without one. */
  #ending: 'close' | 'drop' | undefined;
  #closed = false;
  #releaseTime: (() => void) | undefined;
  #cancelStall: (() => void) | undefined;
  #stalled = false;
  #blockedSinceMs: number | undefined;
  /** One function for all writes: Node batches the callbacks of one tick when they are the same. */
  readonly #onFlushed = (error?: Error | null): void => this.#flushed(error);

  constructor(dialled: Dial, options: WireOptions) {
    this.#options = options;
    this.record = options.record;
    this.#socket = dialled.socket();
    this.#webSocket = dialled.webSocket;
    this.#socket.on('drain', () => {
      this.#unblock();
      this.#resumeTime();
    });
    if (options.tolerateInvalidFrames) {
      this.#socket.removeAllListeners('data');
      this.#socket.resume();
    }
    this.#webSocket.on('message', (data: Buffer, isBinary: boolean) => {
      this.record.messagesReceived++;
      const text = isBinary ? `${data.length} bytes` : data.toString('utf8').slice(0, 200);
      options.onLog('debug', `receiver sent a message: ${text}`);
    });
    this.#webSocket.on('ping', () => {
      this.record.pingsReceived++;
      options.onLog('debug', 'receiver sent a ping');
    });
    this.#webSocket.on('error', (error) => {
      this.record.error ??= describeError(error, options.url, 'open');
    });
    this.#webSocket.on('close', (code: number, reason: Buffer) =>
      this.#onClose(code, reason.toString('utf8')),
    );
  }

  /** Bytes that are written and not yet taken by the operating system. */
  get backlogBytes(): number {
    return this.#socket.writableLength;
  }

  /** Sends a frame. Returns true when the bytes are still queued, so that the caller must leave them alone. */
  write(bytes: Buffer, account: Account, startSample: number, samples: number): boolean {
    if (this.#closed || this.#socket.destroyed) {
      account.drop('disconnected', startSample, samples);
      return false;
    }
    account.sent++;
    account.sentSamples += samples;
    this.#inFlight.push({ account, startSample, samples });
    const room = this.#socket.write(bytes, this.#onFlushed);
    const { record } = this;
    record.bytesWritten += bytes.length;
    if (!room && this.#socket.writableCorked === 0) {
      this.#blockedSinceMs ??= this.#options.clock.now();
      record.maxBacklogBytes = Math.max(record.maxBacklogBytes, this.#socket.writableLength);
    }
    if (!room && this.#options.clock.waits) this.#stopTime();
    return this.#socket.writableLength > 0;
  }

  /** Frames that are written until `uncork` leave together, in one system call. */
  cork(): void {
    this.#socket.cork();
  }

  uncork(): void {
    this.#socket.uncork();
  }

  /** Asks for a pong. Calls back with the milliseconds until it came; never when it does not come. */
  ping(onPong: (ms: number) => void): void {
    if (this.#ending !== undefined || this.#closed) return;
    const askedMs = this.#options.clock.now();
    this.#webSocket.once('pong', () => onPong(this.#options.clock.now() - askedMs));
    this.#webSocket.ping();
  }

  /** Closes with 1000; what is queued goes out first. */
  close(): void {
    if (this.#ending !== undefined || this.#closed) return;
    this.#ending = 'close';
    // Virtual time waits, so that a successor opens only when this one has ended.
    const release = this.#options.clock.hold();
    this.#webSocket.once('close', release);
    this.#webSocket.close(1000);
    if (this.#options.tolerateInvalidFrames) this.#socket.end();
  }

  /** Ends the TCP connection after what is queued, without a close frame: the receiver sees code 1006. */
  endWithoutCloseFrame(): void {
    if (this.#ending !== undefined || this.#closed) return;
    this.#ending = 'drop';
    this.#socket.end(() => this.#webSocket.terminate());
  }

  #flushed(error: Error | null | undefined): void {
    if (this.#closed) return;
    const entry = this.#inFlight[this.#inFlightHead++];
    if (entry !== undefined && error) this.#undo(entry);
    if (this.#inFlightHead === this.#inFlight.length) {
      this.#inFlight.length = 0;
      this.#inFlightHead = 0;
    } else if (this.#inFlightHead >= COMPACT_AFTER) {
      this.#inFlight.splice(0, this.#inFlightHead);
      this.#inFlightHead = 0;
    }
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

  #unblock(): void {
    if (this.#blockedSinceMs === undefined) return;
    this.record.blockedMs += this.#options.clock.now() - this.#blockedSinceMs;
    this.#blockedSinceMs = undefined;
  }

  #onClose(code: number, reason: string): void {
    this.#unblock();
    // Whatever has not left by now never will.
    for (const entry of this.#inFlight.slice(this.#inFlightHead)) this.#undo(entry);
    this.#inFlight.length = 0;
    this.#closed = true;
    const { record } = this;
    record.closeCode = code;
    record.closeReason = reason;
    if (this.#ending === 'close' && code === 1006) {
      // A write-only client hears no answer; any other was left without one.
      if (!this.#options.tolerateInvalidFrames) record.error ??= 'receiver did not answer our close frame';
      record.closeCode = 1000;
    }
    this.#resumeTime();
    this.#options.onClosed();
  }

  /** The operating system never got this frame after all. */
  #undo({ account, startSample, samples }: InFlight): void {
    account.sent--;
    account.sentSamples -= samples;
    account.drop(this.#ending === 'close' ? 'slow_receiver' : 'disconnected', startSample, samples);
  }
}
