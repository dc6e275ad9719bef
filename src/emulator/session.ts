/**
 * A session: one bot in one meeting. Plays a timeline to its real-time endpoints and keeps the ledger. It decides what
 * exists and when it starts and ends; streams, connections and the pacer do the work.
 */
import { EventEmitter } from 'node:events';
import type { Ids } from '../protocol/ids.ts';
import type { Participant } from '../protocol/participant.ts';
import type { ResourceRef } from '../protocol/resource.ts';
import type { AbsoluteFormat } from '../protocol/timestamp.ts';
import type { StreamPlan, Timeline } from '../scenario/timeline.ts';
import type { ConnectionOptions, ConnectionState } from './connection.ts';
import { Base64Cache, type MessageContext, Scratch } from './encoder.ts';
import { type ConnectionMode, Endpoint, type EndpointOptions } from './endpoint.ts';
import { frameSamples } from './frames.ts';
import { DROP_REASONS, Ledger } from './ledger.ts';
import type { Pacer } from './pacer.ts';
import { Stream } from './stream.ts';

export interface SessionOptions {
  readonly timeline: Timeline;
  readonly endpoints: readonly EndpointOptions[];
  /** Shared by all sessions of a process; its clock paces this one. */
  readonly pacer: Pacer;
  readonly ids: Ids;
  readonly recording: ResourceRef;
  readonly audioSeparate: ResourceRef;
  /** `null` writes `bot: null`, undefined leaves the field out (recordings that no bot made). */
  readonly bot: ResourceRef | null | undefined;
  /** When the recording starts, in microseconds since the epoch: what `absolute` counts from. */
  readonly startMicros: number;
  readonly absoluteFormat: AbsoluteFormat;
  readonly mode: ConnectionMode;
  /** Frame lengths in milliseconds, repeated in turn. */
  readonly frameMs: readonly number[];
  readonly connection: Omit<ConnectionOptions, 'url' | 'headers'>;
  /** Unix seconds for signatures. */
  nowSeconds(): number;
  /** Buffers shared with other sessions of the process. */
  readonly scratch?: Scratch | undefined;
  readonly cache?: Base64Cache | undefined;
}

export type LogLevel = 'debug' | 'info' | 'warn';

export interface SessionEvents {
  log: [level: LogLevel, text: string];
  /** A connection changed its state. */
  change: [];
}

/** What a participant does at the moment, for a live display. */
export interface ParticipantStatus {
  readonly participant: Participant;
  /** `muted` when there is no stream, else the state of its connection. */
  readonly state: 'muted' | ConnectionState;
  /** Loudness of the last frame, 0 to 1. */
  readonly level: number;
  readonly scheduled: number;
  readonly sent: number;
  readonly dropped: number;
}

/** The golden ratio's fraction spreads any number of phases evenly. */
const PHASE_STEP = 0.618_033_988_749_895;

export class Session {
  readonly ledger = new Ledger();
  readonly events = new EventEmitter<SessionEvents>();
  readonly timeline: Timeline;
  readonly options: SessionOptions;
  endpoints: readonly Endpoint[] = [];
  /** Meeting seconds at which an abort came, if one did. */
  interruptedSeconds: number | undefined;
  /** The stream of each participant that runs now. */
  readonly #current = new Map<number, Stream>();
  readonly #streams: Stream[] = [];
  readonly #cancels: (() => void)[] = [];
  #originMs = 0;
  #running = 0;
  #resolveStreams: () => void = () => {};
  #started = false;

  constructor(options: SessionOptions) {
    this.options = options;
    this.timeline = options.timeline;
  }

  /** Seconds into the meeting. */
  get elapsedSeconds(): number {
    return this.#started ? Math.max(0, (this.options.pacer.clock.now() - this.#originMs) / 1_000) : 0;
  }

  /** Plays the whole timeline. Resolves when the last connection has closed; an abort ends it early. Never rejects for what a receiver does. */
  async play(signal?: AbortSignal): Promise<void> {
    const { pacer, timeline } = this.options;
    if (this.#started) throw new Error('a session plays once');
    this.#started = true;
    this.#originMs = pacer.clock.now();
    this.endpoints = this.options.endpoints.map((endpoint, index) => this.#makeEndpoint(endpoint, index));
    const streamsEnded = new Promise<void>((resolve) => {
      this.#resolveStreams = resolve;
    });
    const onAbort = (): void => this.#abort();
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      if (signal?.aborted === true) this.#abort();
      else {
        for (const endpoint of this.endpoints) endpoint.start();
        this.#running = 1;
        this.#addStreams();
        // The meeting itself is the last thing to end, also when everybody is muted.
        this.#cancels.push(
          pacer.at(this.#originMs + timeline.durationSamples / 16, () => this.#streamEnded()),
        );
      }
      await streamsEnded;
      await Promise.all(this.endpoints.map((endpoint) => endpoint.end()));
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Per participant id, the position up to which frames have fallen due. */
  scheduledUntil(): ReadonlyMap<number, number> {
    const until = new Map<number, number>();
    for (const { plan, scheduledUntilSample } of this.#streams) {
      const { id } = this.timeline.participants[plan.participant]!;
      until.set(id, Math.max(until.get(id) ?? 0, scheduledUntilSample));
    }
    return until;
  }

  /** One entry per participant of the timeline, in its order. */
  status(): ParticipantStatus[] {
    const status = this.timeline.participants.map((participant, index) => {
      const stream = this.#current.get(index);
      return {
        participant,
        state: stream?.connection?.state ?? ('muted' as const),
        level: stream?.level ?? 0,
        scheduled: 0,
        sent: 0,
        dropped: 0,
      };
    });
    for (const account of this.ledger.accounts) {
      const entry = status[account.participant]!;
      entry.scheduled += account.scheduled;
      entry.sent += account.sent;
      for (const reason of DROP_REASONS) entry.dropped += account.dropped[reason];
    }
    return status;
  }

  #makeEndpoint(options: EndpointOptions, endpointIndex: number): Endpoint {
    const { pacer, mode, connection, ids, nowSeconds } = this.options;
    let messages = 0;
    return new Endpoint(
      options,
      mode,
      connection,
      {
        clock: pacer.clock,
        pacer,
        ledger: this.ledger,
        endpointIndex,
        originMs: this.#originMs,
        onChange: () => this.events.emit('change'),
        onLog: (level, text) => this.events.emit('log', level, text),
      },
      {
        messageId: () => `msg_${ids.uuid(`upgrade ${endpointIndex} ${messages++}`).replaceAll('-', '')}`,
        nowSeconds,
      },
    );
  }

  #addStreams(): void {
    const { timeline, options } = this;
    const sizes = frameSamples(options.frameMs);
    const scratch = options.scratch ?? new Scratch();
    const cache =
      options.cache ?? (sharesAudio(timeline, this.endpoints.length) ? new Base64Cache() : undefined);
    const { virtual } = options.pacer.clock;
    const spreadMs = Math.min(...options.frameMs);
    for (const plan of timeline.streams) {
      // In real time participants are spread over a frame's length, so that they do not all fall due at once. A
      // participant's own order and distances stay as they are.
      const phaseMs = virtual ? 0 : ((plan.participant * PHASE_STEP) % 1) * spreadMs;
      for (const endpoint of this.endpoints) {
        const stream = new Stream({
          plan,
          frameSamples: sizes,
          message: this.#messageContext(plan, endpoint),
          scratch,
          cache,
          ledger: this.ledger,
          originMs: this.#originMs + phaseMs,
          virtual,
          open: () => {
            this.#current.set(plan.participant, stream);
            return endpoint.connect();
          },
          close: (connection) => {
            if (this.#current.get(plan.participant) === stream) this.#current.delete(plan.participant);
            endpoint.release(connection);
            this.#streamEnded();
          },
        });
        this.#streams.push(stream);
        this.#running++;
        this.#cancels.push(options.pacer.add(stream.firstDueMs, stream));
      }
    }
  }

  #messageContext(plan: StreamPlan, endpoint: Endpoint): MessageContext {
    const { recording, audioSeparate, bot, startMicros, absoluteFormat } = this.options;
    return {
      participant: this.#participantAt(plan),
      realtimeEndpoint: endpoint.resource,
      audioSeparate,
      recording,
      bot,
      startMicros,
      absoluteFormat,
    };
  }

  /** The participant as the last update before the stream left it. */
  #participantAt(plan: StreamPlan): Participant {
    let participant = this.timeline.participants[plan.participant]!;
    for (const event of this.timeline.events) {
      if (event.sample > plan.startSample) break;
      if (event.participant === plan.participant && event.event === 'participant_events.update')
        participant = event.snapshot;
    }
    return participant;
  }

  #streamEnded(): void {
    this.#running--;
    if (this.#running === 0) this.#resolveStreams();
  }

  #abort(): void {
    this.interruptedSeconds ??= this.elapsedSeconds;
    for (const cancel of this.#cancels) cancel();
    for (const stream of this.#streams) stream.stop();
    this.#current.clear();
    for (const endpoint of this.endpoints) endpoint.abort();
    this.#resolveStreams();
  }
}

/** Whether any samples in memory are sent more than once: then their base64 is worth keeping. */
function sharesAudio(timeline: Timeline, endpoints: number): boolean {
  if (endpoints > 1) return true;
  const seen = new Set<ArrayBufferLike>();
  for (const { segments } of timeline.streams) {
    for (const { source } of segments) {
      if (source.pcm === undefined) continue;
      if (seen.has(source.pcm.buffer)) return true;
      seen.add(source.pcm.buffer);
    }
  }
  return false;
}
