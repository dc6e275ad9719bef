/**
 * One WebSocket of a script: opened, written to and closed as the script says, with an account of what the receiver did. It
 * never dials twice, and every wait of it ends.
 */
import type net from 'node:net';
import { WebSocket } from 'ws';
import { plainText } from '../plain-text.ts';
import type { Clock } from './clock.ts';
import type { Dial, DialOptions } from './dial.ts';
import { describeClose, describeError } from './dial-failure.ts';
import { type Failure, failure } from './failure.ts';
import { type Handshake, shakeHands } from './handshake.ts';
import { describeMessage } from './last-message.ts';
import type { LastMessage } from './ledger.ts';

/** What became of a connection, and what the receiver did. */
export interface ScriptConnectionReport {
  /** Its number in the script. */
  readonly connection: number;
  readonly opened: boolean;
  /** Seconds of the clock since the script began; null when it never opened. */
  readonly openedSeconds: number | null;
  /** When it was over or its dial had failed; null while it is neither. */
  readonly endedSeconds: number | null;
  /** Messages that the operating system has taken. */
  readonly sent: number;
  /** Messages that came when the connection had not opened or was over, or that the receiver never read. */
  readonly unsent: number;
  /** How many messages the receiver sent, and the first hundred of them, each cut off after 1,000 characters, with the seconds at which they came. */
  readonly received: {
    readonly count: number;
    readonly texts: readonly string[];
    readonly atSeconds: readonly number[];
  };
  readonly pingsReceived: number;
  /** Who began the end; null when it never opened. */
  readonly endedBy: 'script' | 'receiver' | 'abort' | null;
  /** As WebSocket APIs report it: 1006 without a close frame. Null when it never opened. */
  readonly closeCode: number | null;
  /** Safe to print. */
  readonly closeReason: string;
  /** What was wrong with its opening or its end; null when nothing was. */
  readonly failure: Failure | null;
  /** What came before its end, when the receiver began that and anything had been written. */
  readonly lastMessage: LastMessage | null;
}

export interface ScriptConnectionOptions extends DialOptions {
  readonly url: string;
  readonly clock: Clock;
  /** When the script began, by this clock. */
  readonly startMs: number;
  /** How long a receiver may leave what is sent unread. */
  readonly stallTimeoutMs: number;
  /** Whether the receiver has accepted a connection of the script. */
  readonly history: { hasOpened: boolean };
}

const MAX_TEXTS = 100;
const MAX_TEXT_CHARACTERS = 1_000;
/** Pings of a receiver that does not read are not answered beyond this backlog. */
const MAX_PONG_BACKLOG_BYTES = 64 * 1024;
/** No status code and no close frame (RFC 6455 §7.4.1): they cannot be written, but both can happen. */
const NO_STATUS = 1005;
const NO_CLOSE_FRAME = 1006;

export class ScriptConnection {
  /** Resolves when it is open or will never be. */
  readonly opened: Promise<void>;
  /** Resolves when it is over. */
  readonly closed: Promise<void>;
  readonly #number: number;
  readonly #options: ScriptConnectionOptions;
  readonly #handshake: Handshake;
  readonly #texts: string[] = [];
  readonly #textsAtSeconds: number[] = [];
  #webSocket: WebSocket | undefined;
  #socket: net.Socket | undefined;
  #openedSeconds: number | null = null;
  #endedSeconds: number | null = null;
  #lastFrame: Buffer | undefined;
  #written = 0;
  #sent = 0;
  #refused = 0;
  #messagesReceived = 0;
  #pingsReceived = 0;
  #endedBy: ScriptConnectionReport['endedBy'] = null;
  #toldCode: number | undefined;
  #closeCode: number | null = null;
  #closeReason = '';
  #failure: Failure | null = null;
  #lastMessage: LastMessage | null = null;
  #onClosed: () => void = () => {};
  #cancelDeadline: (() => void) | undefined;
  readonly #onFlushed = (error?: Error | null): void => {
    if (!error) this.#sent++;
  };

  /** Dials. Throws for a URL or headers that nobody has checked. */
  constructor(number: number, options: ScriptConnectionOptions) {
    this.#number = number;
    this.#options = options;
    this.closed = new Promise((resolve) => {
      this.#onClosed = resolve;
    });
    let onSettled = (): void => {};
    this.opened = new Promise((resolve) => {
      onSettled = resolve;
    });
    this.#handshake = shakeHands({
      ...options,
      onOpen: (dialled) => {
        this.#onOpen(dialled);
        onSettled();
      },
      onFailed: (why) => {
        this.#failure = why;
        this.#end();
        onSettled();
      },
    });
  }

  /** Writes a whole WebSocket frame. Resolves when there is room for more. A receiver that does not read ends its connection after the time for a stall. */
  async send(frame: Buffer): Promise<void> {
    if (this.#socket === undefined || this.#webSocket?.readyState !== WebSocket.OPEN) {
      this.#refused++;
      return;
    }
    this.#written++;
    this.#lastFrame = frame;
    if (!this.#socket.write(frame, this.#onFlushed)) await this.#drained(this.#socket);
  }

  /** Resolves with the pong: the receiver has read all that was sent before. Or when it is over, or the time for a close is up. */
  async ping(): Promise<void> {
    const webSocket = this.#webSocket;
    if (webSocket?.readyState !== WebSocket.OPEN) return;
    let cancel = (): void => {};
    await new Promise<void>((resolve) => {
      cancel = this.#options.clock.afterWall(this.#options.closeTimeoutMs, resolve);
      webSocket.once('pong', () => resolve());
      void this.closed.then(resolve);
      webSocket.ping();
    });
    cancel();
  }

  /** Ends it with this code, after what has been sent; 1006 ends it without a close frame. Ends within the time for a close. */
  close(code: number, by: 'script' | 'abort' = 'script'): void {
    if (this.#webSocket === undefined || this.#endedBy !== null) return;
    const webSocket = this.#webSocket;
    this.#endedBy = by;
    this.#toldCode = code;
    if (code === NO_CLOSE_FRAME) {
      this.#cancelDeadline = this.#options.clock.afterWall(this.#options.closeTimeoutMs, () =>
        webSocket.terminate(),
      );
      this.#socket?.end(() => webSocket.terminate());
    } else if (code === NO_STATUS) webSocket.close();
    else webSocket.close(code);
  }

  /** Ends it now: a handshake that is under way, too. */
  abort(): void {
    if (this.#webSocket === undefined)
      this.#handshake.end(failure('interrupted', 'the script was ended before the receiver had answered'));
    else this.close(1000, 'abort');
  }

  report(): ScriptConnectionReport {
    return {
      connection: this.#number,
      opened: this.#openedSeconds !== null,
      openedSeconds: this.#openedSeconds,
      endedSeconds: this.#endedSeconds,
      sent: this.#sent,
      unsent: this.#refused + this.#written - this.#sent,
      received: { count: this.#messagesReceived, texts: this.#texts, atSeconds: this.#textsAtSeconds },
      pingsReceived: this.#pingsReceived,
      endedBy: this.#endedBy,
      closeCode: this.#closeCode,
      closeReason: this.#closeReason,
      failure: this.#failure,
      lastMessage: this.#lastMessage,
    };
  }

  #onOpen(dialled: Dial): void {
    const { url } = this.#options;
    const { webSocket } = dialled;
    const socket = dialled.socket();
    this.#webSocket = webSocket;
    this.#socket = socket;
    this.#openedSeconds = this.#nowSeconds();
    this.#options.history.hasOpened = true;
    // ws destroys the socket for an error and says nothing of it.
    socket.prependListener('error', (error) => {
      this.#failure ??= describeError(error, url, 'open');
    });
    webSocket.on('error', (error) => {
      this.#failure ??= describeError(error, url, 'open');
    });
    webSocket.on('message', (data: Buffer, isBinary: boolean) => {
      this.#messagesReceived++;
      if (this.#texts.length >= MAX_TEXTS) return;
      this.#textsAtSeconds.push(this.#nowSeconds());
      this.#texts.push(
        isBinary ? `${data.length} bytes` : data.toString('utf8').slice(0, MAX_TEXT_CHARACTERS),
      );
    });
    webSocket.on('ping', (data: Buffer) => {
      this.#pingsReceived++;
      if (webSocket.readyState === WebSocket.OPEN && socket.writableLength < MAX_PONG_BACKLOG_BYTES)
        webSocket.pong(data);
    });
    webSocket.on('close', (code: number, reason: Buffer) => this.#onClose(code, reason.toString('utf8')));
  }

  async #drained(socket: net.Socket): Promise<void> {
    let cancel = (): void => {};
    await new Promise<void>((resolve) => {
      cancel = this.#options.clock.afterWall(this.#options.stallTimeoutMs, () => {
        const seconds = this.#options.stallTimeoutMs / 1_000;
        this.#failure ??= failure(
          'interrupted',
          `receiver has not read for ${seconds} s: the script gave it up`,
        );
        this.#endedBy ??= 'script';
        this.#webSocket?.terminate();
      });
      socket.once('drain', resolve);
      void this.closed.then(resolve);
    });
    cancel();
  }

  #onClose(code: number, reason: string): void {
    this.#cancelDeadline?.();
    this.#closeCode = code;
    this.#closeReason = plainText(reason);
    if (this.#endedBy === null) {
      this.#endedBy = 'receiver';
      if (this.#lastFrame !== undefined) this.#lastMessage = describeMessage(this.#lastFrame, undefined);
      this.#failure ??=
        code === NO_CLOSE_FRAME
          ? failure('ended_without_close_frame', 'receiver ended the connection without a close frame')
          : failure(
              'closed_by_receiver',
              `receiver closed the connection (${describeClose(code, this.#closeReason)})`,
            );
    } else if (code === NO_CLOSE_FRAME && this.#toldCode !== undefined && this.#toldCode !== NO_CLOSE_FRAME) {
      // We have told our code, whether or not it was answered.
      this.#closeCode = this.#toldCode;
      this.#failure ??= failure('close_unanswered', 'receiver did not answer our close frame');
    }
    this.#lastFrame = undefined;
    this.#end();
  }

  #end(): void {
    this.#endedSeconds = this.#nowSeconds();
    this.#onClosed();
  }

  #nowSeconds(): number {
    return (this.#options.clock.now() - this.#options.startMs) / 1_000;
  }
}
