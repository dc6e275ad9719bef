/**
 * One real-time endpoint of a session: which connection each stream gets, and whether the endpoint still runs. The two
 * connection modes live here and nowhere else.
 */
import { SAMPLE_RATE } from '../protocol/pcm.ts';
import type { ResourceRef } from '../protocol/resource.ts';
import { Connection } from './connection.ts';
import type { ConnectionContext, ConnectionOptions } from './connection-options.ts';
import { textFrame } from './encoder.ts';
import type { Failure } from './failure.ts';
import { ENDPOINT_EVENTS } from './ledger.ts';
import type { EndpointHistory } from './retry.ts';
import { signedUpgrade } from './signed-upgrade.ts';

/**
 * - `per-participant`: one WebSocket per unmuted participant, dialled at unmute and closed at mute ("How to get Separate
 *   Audio per Participant (Realtime)", 2025-06). Video likewise: one for each camera or screen while it is on, as the older "Receive
 *   Real-Time Video: Websockets" (v1.10) has it.
 * - `per-endpoint`: one WebSocket for the whole recording ("Real-Time Endpoints", 2026).
 */
export type ConnectionMode = 'per-participant' | 'per-endpoint';

/** Statuses of a realtime_endpoint ("Real-Time Endpoints"). */
export type EndpointStatus = 'running' | 'done' | 'failed';

/** The events that carry media of single participants; every other one belongs to the whole call. */
const AUDIO_EVENT = 'audio_separate_raw.data';
const VIDEO_EVENT = 'video_separate_png.data';

export interface EndpointOptions {
  /** `ws://` or `wss://`; dialled exactly as it is, query included. */
  readonly url: string;
  readonly resource: ResourceRef;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** `whsec_…`: every upgrade is signed with it. */
  readonly secret?: string | undefined;
  /** The events that this endpoint is subscribed to; separate audio alone when left out. */
  readonly events?: readonly string[] | undefined;
}

export class Endpoint {
  readonly resource: ResourceRef;
  readonly url: string;
  status: EndpointStatus = 'running';
  /** Why it has failed. */
  failure: Failure | undefined;
  /** Those that have not ended. */
  readonly connections = new Set<Connection>();
  readonly #history: EndpointHistory = { failures: 0, hasOpened: false };
  readonly #events: ReadonlySet<string>;
  readonly #mode: ConnectionMode;
  readonly #connectionOptions: ConnectionOptions;
  readonly #context: ConnectionContext;
  readonly #onStatus: (status: EndpointStatus) => void;
  /** Before it is dialled. */
  readonly #onConnection: (connection: Connection) => void;
  /** The connection of the whole call: of all streams in one mode, of the events without audio in the other. */
  #shared: Connection | undefined;

  constructor(
    options: EndpointOptions,
    mode: ConnectionMode,
    connectionOptions: Omit<ConnectionOptions, 'url' | 'headers'>,
    context: Omit<ConnectionContext, 'onFailed'>,
    nowSeconds: () => number,
    onStatus: (status: EndpointStatus) => void = () => {},
    onConnection: (connection: Connection) => void = () => {},
  ) {
    this.resource = options.resource;
    this.url = options.url;
    this.#onStatus = onStatus;
    this.#onConnection = onConnection;
    this.#events = new Set(options.events ?? [AUDIO_EVENT]);
    this.#mode = mode;
    const { headers = {}, secret, url } = options;
    this.#connectionOptions = {
      ...connectionOptions,
      url,
      headers: () =>
        secret === undefined ? headers : { ...headers, ...signedUpgrade(secret, nowSeconds()) },
    };
    this.#context = { ...context, history: this.#history, onFailed: (why) => this.#fail(why) };
  }

  /** Whether streams of audio go to this endpoint. */
  get wantsAudio(): boolean {
    return this.#events.has(AUDIO_EVENT);
  }

  /** Whether streams of video go to this endpoint. */
  get wantsVideo(): boolean {
    return this.#events.has(VIDEO_EVENT);
  }

  /** The recording has started, or goes on after a pause. */
  start(): void {
    const otherEvents = this.#events.size > Number(this.wantsAudio) + Number(this.wantsVideo);
    if (this.#mode === 'per-endpoint' || otherEvents) this.#shared = this.#open();
  }

  /** The recording pauses: there are no connections while nothing is recorded. Streams have ended by then. */
  pause(): void {
    this.#shared?.close();
    this.#shared = undefined;
  }

  /** The connection for a participant's stream that begins now. */
  connect(participant: number): Connection {
    return this.#mode === 'per-endpoint' && this.#shared !== undefined
      ? this.#shared
      : this.#open(participant);
  }

  /** A stream that used `connection` is over. */
  release(connection: Connection): void {
    if (this.#mode === 'per-participant') connection.close({ late: true });
  }

  /** Sends an event that belongs to the whole call, if this endpoint is subscribed to it. */
  send(event: string, message: (endpoint: ResourceRef) => unknown): void {
    const connection = this.#shared;
    if (connection === undefined || !this.#events.has(event)) return;
    const account = this.#context.ledger.account(connection.record, ENDPOINT_EVENTS);
    const json = JSON.stringify(message(this.resource));
    const bytes = textFrame(json);
    const nowMs = this.#context.clock.now();
    const sample = Math.round(((nowMs - this.#context.originMs) * SAMPLE_RATE) / 1_000);
    account.scheduled++;
    this.#context.ledger.watch?.event(account, sample, event, json);
    const reason = connection.admits(bytes.length);
    if (reason === undefined) connection.offer(bytes, account, sample, 0, nowMs);
    else account.drop(reason, sample, 0, connection.failure);
  }

  /** The recording is over. Resolves when every connection has ended. */
  async end(): Promise<void> {
    this.#shared?.close();
    await Promise.all([...this.connections].map((connection) => connection.closed));
    if (this.status === 'running') this.#setStatus('done');
  }

  abort(): void {
    for (const connection of this.connections) connection.abort();
  }

  #open(participant?: number): Connection {
    for (const each of this.connections) if (each.holds) this.#history.failures = 0;
    const connection = new Connection(this.#connectionOptions, this.#context, participant);
    this.connections.add(connection);
    void connection.closed.then(() => this.connections.delete(connection));
    this.#onConnection(connection);
    if (this.failure === undefined) connection.open();
    else connection.fail(this.failure);
    return connection;
  }

  #setStatus(status: EndpointStatus): void {
    this.status = status;
    this.#onStatus(status);
  }

  #fail(why: Failure): void {
    if (this.failure !== undefined) return;
    this.failure = why;
    this.#setStatus('failed');
    for (const connection of this.connections) connection.fail(why);
  }
}
