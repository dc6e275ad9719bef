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
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { Problem } from '../errors.ts';
import { type RealtimeEvent, readRealtimeEvent } from '../protocol/events.ts';
import { verifyRequest } from '../protocol/signing.ts';
import { type ParticipantStats, Recorder } from './recorder.ts';

export interface ReceiverOptions {
  /** 0 (the default) takes any free port. */
  readonly port?: number | undefined;
  /** Default 127.0.0.1. */
  readonly host?: string | undefined;
  /** Folder to record into; without it nothing is written. */
  readonly dir?: string | undefined;
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
  /** Closes the receiver. */
  readonly signal?: AbortSignal | undefined;
  /** Monotonic milliseconds; for tests. */
  readonly now?: (() => number) | undefined;
  /** Unix seconds, for signatures; for tests. */
  readonly nowSeconds?: (() => number) | undefined;
}

/** One WebSocket that the receiver had. Seconds since it started. */
export interface ConnectionStats {
  readonly number: number;
  /** Path and query of the upgrade. */
  readonly url: string;
  readonly openedSeconds: number;
  closedSeconds: number | null;
  closeCode: number | null;
  messages: number;
  /** Ids in order of appearance. */
  readonly participants: number[];
}

export interface ReceiverStats {
  readonly messages: number;
  readonly invalid: number;
  /** Events of a name that is not known here; kept in the capture. */
  readonly unknown: number;
  readonly refusedUpgrades: number;
  readonly connectionsOpen: number;
  readonly connectionsTotal: number;
  readonly recordings: readonly { readonly id: string; readonly participants: readonly ParticipantStats[] }[];
  readonly connections: readonly ConnectionStats[];
}

export interface Receiver extends AsyncDisposable {
  /** `ws://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  readonly dir: string | undefined;
  readonly problems: readonly Problem[];
  stats(): ReceiverStats;
  /** Closes every socket (1001) and completes every file. Safe to call twice. */
  close(): Promise<void>;
}

const KEPT_PROBLEMS = 100;
/** How long a sender may take to answer our close frame. */
const CLOSE_TIMEOUT_MS = 2_000;

/** Starts listening. Rejects with the system's error when the port is taken, with a `UsageError` for a bad secret. */
export async function startReceiver(options: ReceiverOptions = {}): Promise<Receiver> {
  const { host = '127.0.0.1', dir, secret, tls } = options;
  const recorder = await Recorder.create(dir);
  const receiver = new EmbeddedReceiver(options, recorder);
  // A secret that is none is found out now, not at the first upgrade.
  if (secret !== undefined) receiver.verify({});
  const server: Server =
    tls === undefined ? createHttpServer() : createHttpsServer({ key: tls.key, cert: tls.cert });
  server.on('request', (request, response) => receiver.onRequest(request, response));
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
    receiver.onUpgrade(request, socket, head),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  receiver.listening(server, host);
  options.signal?.addEventListener('abort', () => void receiver.close(), { once: true });
  return receiver;
}

class EmbeddedReceiver implements Receiver {
  readonly problems: Problem[] = [];
  readonly dir: string | undefined;
  url = '';
  port = 0;
  readonly #options: ReceiverOptions;
  readonly #recorder: Recorder;
  readonly #webSockets: WebSocketServer;
  readonly #connections: ConnectionStats[] = [];
  readonly #now: () => number;
  readonly #startMs: number;
  #server: Server | undefined;
  #messages = 0;
  #invalid = 0;
  #unknown = 0;
  #refused = 0;
  #closed: Promise<void> | undefined;

  constructor(options: ReceiverOptions, recorder: Recorder) {
    this.#options = options;
    this.dir = options.dir;
    this.#recorder = recorder;
    this.#now = options.now ?? (() => performance.now());
    this.#startMs = this.#now();
    const serverOptions = {
      noServer: true,
      perMessageDeflate: false,
      maxPayload: options.maxMessageBytes ?? 1024 * 1024,
      closeTimeout: CLOSE_TIMEOUT_MS,
    };
    this.#webSockets = new WebSocketServer(serverOptions);
  }

  listening(server: Server, host: string): void {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    const name = host.includes(':') ? `[${host}]` : host;
    this.url = `${this.#options.tls === undefined ? 'ws' : 'wss'}://${name}:${this.port}`;
  }

  verify(headers: IncomingMessage['headers']): { readonly ok: boolean; readonly reason?: string } {
    const { secret, nowSeconds = () => Math.floor(Date.now() / 1_000) } = this.#options;
    return secret === undefined ? { ok: true } : verifyRequest({ secret, headers, nowSeconds: nowSeconds() });
  }

  onRequest(request: IncomingMessage, response: ServerResponse): void {
    if (request.method !== 'GET' || request.url !== '/') {
      response
        .writeHead(404, { 'content-type': 'text/plain' })
        .end('This is a WebSocket receiver; GET / tells what it got.\n');
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end(`${JSON.stringify(this.stats())}\n`);
  }

  onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { ok, reason } = this.verify(request.headers);
    if (!ok) {
      this.#refused++;
      socket.on('error', () => {});
      socket.end(
        `HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Type: text/plain\r\n\r\n${reason}\n`,
      );
      this.#report({ code: 'upgrade_refused', message: `An upgrade was refused: ${reason}.` });
      return;
    }
    this.#webSockets.handleUpgrade(request, socket, head, (webSocket) =>
      this.#onConnection(webSocket, request.url ?? '/'),
    );
  }

  stats(): ReceiverStats {
    return {
      messages: this.#messages,
      invalid: this.#invalid,
      unknown: this.#unknown,
      refusedUpgrades: this.#refused,
      connectionsOpen: this.#connections.filter(({ closedSeconds }) => closedSeconds === null).length,
      connectionsTotal: this.#connections.length,
      recordings: this.#recorder.stats(),
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

  async #close(): Promise<void> {
    const server = this.#server;
    const ended = [...this.#webSockets.clients].map(
      (client) => new Promise<void>((resolve) => client.once('close', () => resolve())),
    );
    for (const client of this.#webSockets.clients) client.close(1001);
    await Promise.all(ended);
    server?.closeAllConnections();
    await new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve())));
    this.#recorder.close();
  }

  #seconds(): number {
    return Math.round(this.#now() - this.#startMs) / 1_000;
  }

  #onConnection(webSocket: WebSocket, url: string): void {
    const connection: ConnectionStats = {
      number: this.#connections.length + 1,
      url,
      openedSeconds: this.#seconds(),
      closedSeconds: null,
      closeCode: null,
      messages: 0,
      participants: [],
    };
    this.#connections.push(connection);
    webSocket.on('message', (data, isBinary) => this.#onMessage(data, isBinary, connection));
    webSocket.on('error', (error) =>
      this.#reject(connection, { code: 'invalid_frames', message: `${error.message}.` }),
    );
    webSocket.on('close', (code) => {
      connection.closedSeconds = this.#seconds();
      connection.closeCode = code;
      this.#recorder.onConnectionClosed(connection);
    });
  }

  #onMessage(data: RawData, isBinary: boolean, connection: ConnectionStats): void {
    this.#messages++;
    connection.messages++;
    if (isBinary) {
      this.#reject(connection, {
        code: 'binary_message',
        message: 'Messages are text; this one was binary.',
      });
      return;
    }
    const text = (data as Buffer).toString('utf8');
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      this.#reject(connection, { code: 'invalid_json', message: `Not JSON: ${(error as Error).message}.` });
      return;
    }
    const result = readRealtimeEvent(value);
    if (result.kind === 'invalid') {
      for (const problem of result.problems.slice(0, 1)) this.#reject(connection, problem);
      return;
    }
    if (result.kind === 'unknown') {
      this.#unknown++;
      this.#recorder.keepUnknown(value, text);
      return;
    }
    const { event } = result;
    this.#options.onEvent?.(event, connection);
    if ('participant' in event.data.data) {
      const { id } = event.data.data.participant;
      if (!connection.participants.includes(id)) connection.participants.push(id);
    }
    const problem = this.#recorder.record(event, text, connection);
    if (problem !== undefined) this.#reject(connection, problem);
  }

  #reject(connection: ConnectionStats, problem: Problem): void {
    this.#invalid++;
    this.#report({
      ...problem,
      message: `Connection ${connection.number}, message ${connection.messages}: ${problem.message}`,
    });
  }

  #report(problem: Problem): void {
    if (this.problems.length < KEPT_PROBLEMS) this.problems.push(problem);
    this.#options.onProblem?.(problem);
  }
}
