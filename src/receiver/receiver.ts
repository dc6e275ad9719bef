/**
 * The embedded receiver: a correct WebSocket receiver of real-time events. It checks every message, records what is
 * valid, and tells what it got. It answers nothing and plays nothing.
 */
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { Problem } from '../errors.ts';
import { refusalOf } from '../files.ts';
import { plainText } from '../plain-text.ts';
import type { RealtimeEvent } from '../protocol/events.ts';
import { withoutTokens } from '../target.ts';
import { Door, refuseUpgrade } from './door.ts';
import { keepAlive } from './keep-alive.ts';
import { readMessage } from './message.ts';
import { Recordings } from './recordings.ts';
import { type ConnectionStats, type ReceiverStats, type RecordingStats, statsToJson } from './stats.ts';

/** What happens at a receiver beside messages; for displays. */
export type ReceiverProgress =
  | { readonly kind: 'connection_opened' | 'connection_closed'; readonly connection: ConnectionStats }
  /** Quiet: its last connection has closed, and it may come back. */
  | { readonly kind: 'recording_began' | 'recording_quiet'; readonly recording: RecordingStats };

export interface ReceiverOptions {
  /** 0 (the default) takes any free port. */
  readonly port?: number | undefined;
  /** Default 127.0.0.1. */
  readonly host?: string | undefined;
  /** Folder to record into, a folder for each recording; without it nothing is written. */
  readonly dir?: string | undefined;
  /**
   * What to do when `dir` has the folder of a recording already: go on in a new one, `recording-<id>-2` (default), or delete
   * what an earlier run of ours wrote there and use it again.
   */
  readonly earlier?: 'keep' | 'replace' | undefined;
  /** Names by which clients may call this receiver, beside addresses and localhost: the public name of a tunnel. */
  readonly allowHosts?: readonly string[] | undefined;
  /** `whsec_…`: upgrades that are not signed with it are answered with 401. */
  readonly secret?: string | undefined;
  /** Serve TLS. PEM texts. */
  readonly tls?: { readonly key: string; readonly cert: string } | undefined;
  /** Larger messages end their connection with 1009. Default 1 MiB. */
  readonly maxMessageBytes?: number | undefined;
  /** Called with every valid event, before it is recorded. */
  readonly onEvent?: ((event: RealtimeEvent, connection: ConnectionStats) => void) | undefined;
  /** Called with every problem; the first hundred are also kept. */
  readonly onProblem?: ((problem: Problem) => void) | undefined;
  readonly onProgress?: ((progress: ReceiverProgress) => void) | undefined;
  /** Closes the receiver. */
  readonly signal?: AbortSignal | undefined;
  /** Monotonic milliseconds; for tests. */
  readonly now?: (() => number) | undefined;
  /** Unix seconds, for signatures; for tests. */
  readonly nowSeconds?: (() => number) | undefined;
}

export interface Receiver extends AsyncDisposable {
  /** `ws://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  readonly dir: string | undefined;
  readonly problems: readonly Problem[];
  stats(): ReceiverStats;
  /**
   * Lets nobody in any more, closes every socket (1001), waits two seconds for those that do not answer, and completes every
   * file. Never rejects. Safe to call twice.
   */
  close(): Promise<void>;
}

const KEPT_PROBLEMS = 100;
const KEPT_CONNECTIONS = 1_000;
/** Names of this many participants are kept for each connection. */
const KEPT_PARTICIPANTS = 1_000;
/** How long a sender may take to answer our close frame. */
const CLOSE_TIMEOUT_MS = 2_000;
/** A process that is killed loses at most this much, and what the system takes to write it. */
const FLUSH_INTERVAL_MS = 500;
/** Six minutes of audio. */
const DEFAULT_MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

/**
 * Starts listening. Rejects with the system's error when the port is taken, a `UsageError` for a bad secret or folder, and a
 * `WriteError` when the folder cannot be made. Under a signal that is aborted already, the receiver is closed at once.
 */
export async function startReceiver(options: ReceiverOptions = {}): Promise<Receiver> {
  const { host = '127.0.0.1', tls, signal } = options;
  const receiver = new EmbeddedReceiver(options);
  await receiver.prepare();
  const server: Server =
    tls === undefined ? createHttpServer() : createHttpsServer({ key: tls.key, cert: tls.cert });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  receiver.serve(server, host);
  const abort = (): void => void receiver.close();
  signal?.addEventListener('abort', abort, { once: true });
  receiver.onClosed(() => signal?.removeEventListener('abort', abort));
  if (signal?.aborted === true) await receiver.close();
  return receiver;
}

class EmbeddedReceiver implements Receiver {
  readonly problems: Problem[] = [];
  readonly dir: string | undefined;
  url = '';
  port = 0;
  readonly #options: ReceiverOptions;
  readonly #door: Door;
  readonly #webSockets: WebSocketServer;
  readonly #sockets = new Set<Socket>();
  readonly #connections: ConnectionStats[] = [];
  readonly #now: () => number;
  readonly #startMs: number;
  #recordings!: Recordings;
  #server: Server | undefined;
  readonly #timers: NodeJS.Timeout[] = [];
  #onClosed: () => void = () => {};
  #connectionsTotal = 0;
  #messages = 0;
  #invalid = 0;
  #unknown = 0;
  #refused = 0;
  #closed: Promise<void> | undefined;

  constructor(options: ReceiverOptions) {
    this.#options = options;
    this.dir = options.dir;
    this.#now = options.now ?? (() => performance.now());
    this.#startMs = this.#now();
    this.#door = new Door({
      // A server that listens at a name answers to it.
      allowHosts: [...(options.allowHosts ?? []), ...(options.host === undefined ? [] : [options.host])],
      secret: options.secret,
      nowSeconds: options.nowSeconds ?? (() => Math.floor(Date.now() / 1_000)),
    });
    const serverOptions = {
      noServer: true,
      perMessageDeflate: false,
      maxPayload: options.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES,
      closeTimeout: CLOSE_TIMEOUT_MS,
    };
    this.#webSockets = new WebSocketServer(serverOptions);
  }

  async prepare(): Promise<void> {
    const progress =
      (kind: 'recording_began' | 'recording_quiet') =>
      (recording: RecordingStats): void =>
        this.#options.onProgress?.({ kind, recording });
    this.#recordings = await Recordings.create({
      dir: this.dir,
      replaceEarlier: this.#options.earlier === 'replace',
      onBegin: progress('recording_began'),
      onQuiet: progress('recording_quiet'),
      onFailure: (problem) => this.#report(problem),
    });
  }

  serve(server: Server, host: string): void {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    const name = host.includes(':') ? `[${host}]` : host;
    this.url = `${this.#options.tls === undefined ? 'ws' : 'wss'}://${name}:${this.port}`;
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    server.on('request', (request, response) => this.#onRequest(request, response));
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.#onUpgrade(request, socket, head),
    );
    // Too many open files, for one: those who are connected stay, and later ones may get in again.
    server.on('error', (error) =>
      this.#report({
        code: 'accept_failed',
        message: `A connection could not be taken: ${refusalOf(error) ?? error.message}.`,
      }),
    );
    this.#timers.push(setInterval(() => this.#recordings.flush(), FLUSH_INTERVAL_MS).unref());
    this.#timers.push(keepAlive(this.#webSockets.clients));
  }

  onClosed(listener: () => void): void {
    this.#onClosed = listener;
  }

  stats(): ReceiverStats {
    return {
      messages: this.#messages,
      invalid: this.#invalid,
      unknown: this.#unknown,
      refusedUpgrades: this.#refused,
      connectionsOpen: this.#webSockets.clients.size,
      connectionsTotal: this.#connectionsTotal,
      failedRecordings: this.#recordings.failed,
      recordings: this.#recordings.stats(),
      connections: this.#connections,
    };
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Stop accepting, end in order, wait a bounded time, abort, free. */
  async #close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    const server = this.#server;
    const stopped = new Promise<void>((resolve) =>
      server === undefined ? resolve() : server.close(() => resolve()),
    );
    const clients = [...this.#webSockets.clients];
    const ended = clients.map((client) => new Promise<void>((resolve) => client.once('close', resolve)));
    for (const client of clients) client.close(1001);
    await within(CLOSE_TIMEOUT_MS, Promise.all(ended));
    for (const client of this.#webSockets.clients) client.terminate();
    // Also those who never asked for anything, or have not finished their TLS handshake.
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all([stopped, ...ended]);
    this.#recordings.close();
    this.#onClosed();
  }

  #onRequest(request: IncomingMessage, response: ServerResponse): void {
    const refusal = this.#door.visitor(request);
    if (refusal !== undefined) {
      response.writeHead(refusal.status, { 'content-type': 'text/plain' }).end(`${refusal.reason}\n`);
    } else if (request.method !== 'GET' || request.url !== '/') {
      response
        .writeHead(404, { 'content-type': 'text/plain' })
        .end('This is a WebSocket receiver; GET / tells what it got.\n');
    } else {
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(`${JSON.stringify(statsToJson(this.stats()))}\n`);
    }
  }

  #onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => {});
    if (this.#closed !== undefined) {
      refuseUpgrade(socket, { status: 503, reason: 'The receiver is closing.' });
      return;
    }
    const refusal = this.#door.sender(request);
    if (refusal !== undefined) {
      this.#refused++;
      refuseUpgrade(socket, refusal);
      this.#report({ code: 'upgrade_refused', message: `An upgrade was refused: ${refusal.reason}` });
      return;
    }
    this.#webSockets.handleUpgrade(request, socket, head, (webSocket) =>
      this.#onConnection(webSocket, withoutTokens(request.url ?? '/')),
    );
  }

  #seconds(): number {
    return Math.round(this.#now() - this.#startMs) / 1_000;
  }

  #onConnection(webSocket: WebSocket, url: string): void {
    const connection: ConnectionStats = {
      number: ++this.#connectionsTotal,
      url,
      openedSeconds: this.#seconds(),
      closedSeconds: null,
      closeCode: null,
      messages: 0,
      participants: [],
    };
    this.#connections.push(connection);
    if (this.#connections.length > KEPT_CONNECTIONS) this.#connections.shift();
    webSocket.on('message', (data, isBinary) => this.#onMessage(data, isBinary, connection));
    webSocket.on('error', (error) =>
      this.#reject(connection, { code: 'invalid_frames', message: `${error.message}.` }),
    );
    webSocket.on('close', (code) => {
      connection.closedSeconds = this.#seconds();
      connection.closeCode = code;
      this.#options.onProgress?.({ kind: 'connection_closed', connection });
      this.#recordings.onConnectionClosed(connection);
    });
    this.#options.onProgress?.({ kind: 'connection_opened', connection });
  }

  #onMessage(data: RawData, isBinary: boolean, connection: ConnectionStats): void {
    this.#messages++;
    connection.messages++;
    const message = readMessage(data, isBinary);
    if (message.kind === 'invalid') this.#reject(connection, message.problem);
    else if (message.kind === 'event') this.#onEvent(message.event, message.json, connection);
    else {
      this.#unknown++;
      this.#recordings.keepUnknown(message.value, message.json, connection);
    }
  }

  #onEvent(event: RealtimeEvent, json: Uint8Array, connection: ConnectionStats): void {
    this.#options.onEvent?.(event, connection);
    const { participants } = connection;
    if ('participant' in event.data.data && participants.length < KEPT_PARTICIPANTS) {
      const { id } = event.data.data.participant;
      if (!participants.includes(id)) participants.push(id);
    }
    const problem = this.#recordings.record(event, json, connection);
    if (problem !== undefined) this.#reject(connection, problem);
  }

  #reject(connection: ConnectionStats, problem: Problem): void {
    this.#invalid++;
    this.#report({
      ...problem,
      message: `Connection ${connection.number}, message ${connection.messages}: ${plainText(problem.message)}`,
    });
  }

  #report(problem: Problem): void {
    if (this.problems.length < KEPT_PROBLEMS) this.problems.push(problem);
    this.#options.onProblem?.(problem);
  }
}

/** Waits for a promise, but no longer than this. */
async function within(ms: number, promise: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([promise, timeout]);
  clearTimeout(timer);
}
