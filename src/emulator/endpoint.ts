/**
 * One real-time endpoint of a session: which connection each stream gets, and whether the endpoint still runs. The two
 * connection modes live here and nowhere else.
 */
import type { ResourceRef } from '../protocol/resource.ts';
import { signRequest } from '../protocol/signing.ts';
import { Connection, type ConnectionContext, type ConnectionOptions } from './connection.ts';

/**
 * - `per-participant`: one WebSocket per unmuted participant, dialled at unmute and closed at mute ("How to get Separate
 *   Audio per Participant (Realtime)", 2025-06).
 * - `per-endpoint`: one WebSocket for the whole recording ("Real-Time Endpoints", 2026).
 */
export type ConnectionMode = 'per-participant' | 'per-endpoint';

/** Statuses of a realtime_endpoint ("Real-Time Endpoints"). */
export type EndpointStatus = 'running' | 'done' | 'failed';

export interface EndpointOptions {
  /** `ws://` or `wss://`; dialled exactly as it is, query included. */
  readonly url: string;
  readonly resource: ResourceRef;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** `whsec_…`: every upgrade is signed with it. */
  readonly secret?: string | undefined;
}

export class Endpoint {
  readonly resource: ResourceRef;
  readonly url: string;
  status: EndpointStatus = 'running';
  readonly connections: Connection[] = [];
  readonly #mode: ConnectionMode;
  readonly #connectionOptions: ConnectionOptions;
  readonly #context: ConnectionContext;
  #shared: Connection | undefined;

  constructor(
    options: EndpointOptions,
    mode: ConnectionMode,
    connectionOptions: Omit<ConnectionOptions, 'url' | 'headers'>,
    context: Omit<ConnectionContext, 'onFailed'>,
    signing: { messageId(): string; nowSeconds(): number },
  ) {
    this.resource = options.resource;
    this.url = options.url;
    this.#mode = mode;
    const { headers = {}, secret, url } = options;
    this.#connectionOptions = {
      ...connectionOptions,
      url,
      headers: () =>
        secret === undefined
          ? headers
          : {
              ...headers,
              ...signRequest({ secret, id: signing.messageId(), timestampSeconds: signing.nowSeconds() }),
            },
    };
    this.#context = { ...context, onFailed: () => this.#fail() };
  }

  /** The recording has started. */
  start(): void {
    if (this.#mode === 'per-endpoint') this.#shared = this.#open();
  }

  /** The connection for a stream that begins now. */
  connect(): Connection {
    return this.#shared ?? this.#open();
  }

  /** A stream that used `connection` is over. */
  release(connection: Connection): void {
    if (connection !== this.#shared) connection.close({ late: true });
  }

  /** The recording is over. Resolves when every connection has ended. */
  async end(): Promise<void> {
    this.#shared?.close();
    await Promise.all(this.connections.map((connection) => connection.closed));
    if (this.status === 'running') this.status = 'done';
  }

  abort(): void {
    for (const connection of this.connections) connection.abort();
  }

  #open(): Connection {
    const connection = new Connection(this.#connectionOptions, this.#context);
    this.connections.push(connection);
    if (this.status === 'failed') connection.fail();
    else connection.open();
    return connection;
  }

  #fail(): void {
    this.status = 'failed';
    for (const connection of this.connections) connection.fail();
  }
}
