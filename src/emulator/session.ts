/**
 * A session: one bot in one meeting. Plays a timeline to its real-time endpoints and keeps the ledger. It decides what
 * exists and when it starts and ends; streams, connections and the pacer do the work. `play` runs a timeline as it is;
 * whoever wants to interfere (mute somebody, pause, say something) begins it and adds, changes and ends streams.
 */
import { EventEmitter } from 'node:events';
import { rms } from '../audio/level.ts';
import type { AudioSource } from '../audio/source.ts';
import type { Participant } from '../protocol/participant.ts';
import { SAMPLE_RATE } from '../protocol/pcm.ts';
import type { ResourceRef } from '../protocol/resource.ts';
import { streamFrom } from '../scenario/slice.ts';
import {
  type Interval,
  participantAt,
  type Segment,
  type StreamPlan,
  type Timeline,
  type VideoPlan,
} from '../scenario/timeline.ts';
import { Base64Cache, FrameEncoder, Scratch, type StreamContext } from './encoder.ts';
import { Endpoint, type EndpointOptions } from './endpoint.ts';
import type { FaultSpec } from './faults/fault.ts';
import { FaultPlan } from './faults/plan.ts';
import { scenarioFaults } from './faults/read.ts';
import { FrameCursor, frameSamples } from './frames.ts';
import { AUDIO, DROP_REASONS, Ledger } from './ledger.ts';
import type { FrameContent } from './media.ts';
import { type PacerGroup, PHASE_STEP } from './pacer.ts';
import type { ParticipantStatus } from './participant-status.ts';
import { mediumOf, PictureCursor, type VideoOptions } from './pictures.ts';
import type { SessionOptions } from './session-options.ts';
import { Stream, type StreamOutput } from './stream.ts';

export type LogLevel = 'debug' | 'info' | 'warn';

export interface SessionEvents {
  log: [level: LogLevel, text: string];
  /** A connection changed its state. */
  change: [];
}

/** What is played beside the streams: the meeting's other events. */
export interface Companion {
  /** The recording has begun. The streams are added after it. */
  start(): void;
  /** The last frame has been passed. What is still to be said is said now, before the connections close. */
  finish(): void;
}

interface Playing {
  readonly stream: Stream<Int16Array> | Stream<Uint8Array>;
  /** Of a stream of audio. */
  readonly audio: FrameCursor | undefined;
  cancel: () => void;
}

/** Streams that have been told to end now, and what is to happen in the turn of the last one's end. */
interface Drain {
  readonly left: Set<Playing>;
  then(): void;
}

export class Session {
  readonly ledger: Ledger;
  readonly events = new EventEmitter<SessionEvents>();
  readonly timeline: Timeline;
  readonly options: SessionOptions;
  /** As in the timeline, plus who was added, with the changes made since. */
  readonly participants: Participant[];
  endpoints: readonly Endpoint[] = [];
  /** Meeting seconds at which an abort came, if one did. */
  interruptedSeconds: number | undefined;
  readonly #changed = new Set<number>();
  /** The stream of audio of each participant that runs now. */
  readonly #current = new Map<number, Stream<Int16Array>>();
  readonly #playing = new Set<Playing>();
  /** Per participant, the position up to which frames of audio have fallen due in streams that are over. */
  readonly #scheduledUntil = new Map<number, number>();
  readonly #frameSamples: readonly number[];
  readonly #scratch: Scratch;
  #cache: Base64Cache | undefined;
  readonly #tasks: PacerGroup;
  readonly #askedFaults: readonly FaultSpec[];
  #faults: FaultPlan | undefined;
  #cancelEnd: () => void = () => {};
  #drain: Drain | undefined;
  #companion: Companion | undefined;
  #error: unknown;
  #originMs = 0;
  #startMicros = 0;
  #running = 0;
  #resolveStreams: () => void = () => {};
  readonly #streamsEnded: Promise<void>;
  #started = false;

  /** Throws an `InvalidInputError` (`invalid_scenario`) for faults of the timeline that cannot be. */
  constructor(options: SessionOptions) {
    this.options = options;
    this.#askedFaults = [...scenarioFaults(options.timeline.faults), ...(options.faults ?? [])];
    this.ledger = new Ledger(options.lateness);
    this.timeline = options.timeline;
    this.participants = [...options.timeline.participants];
    this.#frameSamples = frameSamples(options.frameMs);
    this.#scratch = options.scratch ?? new Scratch();
    this.#tasks = options.pacer.group({ onError: (error) => this.#fail(error) });
    this.#streamsEnded = new Promise<void>((resolve) => {
      this.#resolveStreams = resolve;
    });
  }

  /** When the recording started, in microseconds since the epoch. */
  get startMicros(): number {
    return this.#startMicros;
  }

  /** Seconds into the meeting. */
  get elapsedSeconds(): number {
    return this.#started ? Math.max(0, (this.options.pacer.clock.now() - this.#originMs) / 1_000) : 0;
  }

  /** The position of this moment, in samples since the recording started. */
  get nowSample(): number {
    return Math.round(this.elapsedSeconds * SAMPLE_RATE);
  }

  /** The pacer's time of a position, without the phase that spreads streams. */
  timeOfSample(sample: number): number {
    return this.#originMs + (sample * 1_000) / SAMPLE_RATE;
  }

  /** For what belongs to this session and is to end with it: events, mixes, watches. */
  get tasks(): PacerGroup {
    return this.#tasks;
  }

  /**
   * Plays the whole timeline. Resolves when the last connection has closed; an abort ends it early. Never rejects for what a
   * receiver does; rejects when audio cannot be read any more, after all connections have closed.
   */
  async play(signal?: AbortSignal, companion?: Companion): Promise<void> {
    this.begin();
    this.#companion = companion;
    const onAbort = (): void => this.abort();
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      if (signal?.aborted === true) this.abort();
      else {
        companion?.start();
        for (const plan of this.timeline.streams) this.add(plan);
        for (const plan of this.timeline.videos) this.addVideo(plan);
        // The meeting itself is the last thing to end, also when everybody is muted.
        this.#cancelEnd = this.#tasks.at(this.timeOfSample(this.timeline.durationSamples), () =>
          this.#streamEnded(),
        );
      }
      await this.#ended();
      if (this.#error !== undefined) throw this.#error;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** The recording starts now: position 0 is this moment, and endpoints are dialled that are one for the whole call. */
  begin(): void {
    if (this.#started) throw new Error('a session plays once');
    this.#started = true;
    this.#running = 1;
    this.#originMs = this.options.pacer.clock.now();
    this.#startMicros = this.options.startMicros ?? Math.round(Date.now() * 1_000);
    this.endpoints = this.options.endpoints.map((endpoint, index) => this.#makeEndpoint(endpoint, index));
    this.#cache =
      this.options.cache ??
      (sharesAudio(this.timeline, this.endpoints.length) ? new Base64Cache() : undefined);
    for (const fault of this.#askedFaults) this.inject(fault);
    for (const endpoint of this.endpoints) endpoint.start();
  }

  /** Something is to go wrong, now or later. Throws a `UsageError` for somebody who is not in the meeting. */
  inject(fault: FaultSpec): void {
    this.#faults ??= new FaultPlan({
      originMs: this.#originMs,
      now: () => this.options.pacer.clock.now(),
      at: (dueMs, callback) => this.#tasks.at(dueMs, callback),
      connections: () => this.endpoints.flatMap(({ connections }) => [...connections]),
      indexOf: (participantId) => this.participants.findIndex(({ id }) => id === participantId),
      onLog: (level, text) => this.events.emit('log', level, text),
    });
    this.#faults.add(fault);
  }

  /** The faults that wait or are in force, as they are written after `--fault`. */
  get faults(): readonly string[] {
    return this.#faults?.list() ?? [];
  }

  /** No more faults; those in force end. */
  clearFaults(): void {
    this.#faults?.clear();
  }

  /**
   * Ends what still runs at this moment and resolves when the last connection has closed. For who has called `begin`. Never
   * rejects. `beforeClose` is called between the last frame and the closing of the connections that are one for the whole call.
   */
  async end(beforeClose: () => void = () => {}): Promise<void> {
    this.#drainThen(() => {
      beforeClose();
      this.#streamEnded();
    });
    await this.#ended();
  }

  /**
   * Adds a stream. It begins when its first position comes, or at once when that has passed. What the participant has sent
   * already is left out of it: in virtual time a frame leaves at its first sample, so a mute comes after the whole of it.
   */
  add(asked: StreamPlan): void {
    const { pacer, frameMs, onFrame } = this.options;
    const plan = streamFrom(asked, this.#scheduledUntil.get(asked.participant) ?? 0);
    if (plan === undefined) return;
    const { virtual } = pacer.clock;
    const cursor = new FrameCursor(plan, this.#frameSamples);
    const stream: Stream<Int16Array> = new Stream({
      plan,
      cursor,
      medium: AUDIO,
      scratch: this.#scratch,
      cached: this.#cache !== undefined,
      ledger: this.ledger,
      originMs: this.#originOf(plan, Math.min(...frameMs)),
      atStart: virtual,
      open: () => {
        this.#current.set(plan.participant, stream);
        this.events.emit('change');
        return this.#open(plan);
      },
      onEnd: () => this.#onStreamEnd(playing),
      onFrame: onFrame && ((startSample, pcm) => onFrame(plan.participant, startSample, pcm)),
    });
    const playing = this.#start(stream, cursor);
  }

  /** Adds a participant's video, if any endpoint is subscribed to it. It begins as any added stream does. */
  addVideo(plan: VideoPlan): void {
    const { video } = this.options;
    if (video === undefined || !this.endpoints.some(({ wantsVideo }) => wantsVideo)) return;
    const { id, name } = this.#participantAt(plan);
    const picture = video.picture({ id, name, type: plan.type, index: plan.participant });
    const medium = mediumOf(plan);
    const stream: Stream<Uint8Array> = new Stream({
      plan,
      cursor: new PictureCursor(plan, picture),
      medium,
      scratch: this.#scratch,
      cached: false,
      ledger: this.ledger,
      originMs: this.#originOf(plan, (medium.unitSamples * 1_000) / SAMPLE_RATE),
      // A picture is there when it is taken.
      atStart: true,
      open: () => {
        this.events.emit('change');
        return this.#openVideo(plan, video);
      },
      onEnd: () => this.#onStreamEnd(playing),
      onFrame: undefined,
    });
    const playing = this.#start(stream, undefined);
  }

  /**
   * Mutes a participant from a position on: the running stream of audio ends there, nothing lost before it, and what has not
   * begun never does. Undefined: all participants, and their video. Returns the position at which the running stream of the
   * participant ends, if there was one.
   */
  cut(participant: number | undefined, sample: number): number | undefined {
    let cutAt: number | undefined;
    for (const playing of [...this.#playing]) {
      const { stream, audio } = playing;
      if (participant !== undefined && (audio === undefined || stream.plan.participant !== participant))
        continue;
      if (!stream.begun && stream.plan.startSample >= sample) {
        playing.cancel();
        stream.stop();
        this.#remove(playing);
        this.#streamEnded();
      } else if (stream.endSample > sample) {
        cutAt = stream.cut(sample);
        this.#reschedule(playing);
      }
    }
    return cutAt;
  }

  /**
   * Replaces what a participant's running stream holds from a position on. `segmentsFrom` is given the position at which
   * the change comes into force. Returns it, or undefined when no stream of theirs runs.
   */
  replaceFrom(
    participant: number,
    sample: number,
    segmentsFrom: (sample: number) => readonly Segment[],
  ): number | undefined {
    const playing = this.#playingAt(participant, sample);
    if (playing?.audio === undefined) return undefined;
    const at = playing.audio.replaceFrom(sample, segmentsFrom, playing.stream.endSample);
    this.#reschedule(playing);
    return at;
  }

  /** The mute of a participant's running stream, or undefined when none runs at this position. */
  runningUntil(participant: number, sample: number): number | undefined {
    return this.#playingAt(participant, sample)?.stream.endSample;
  }

  /** Sends an event that belongs to the whole call to every endpoint that is subscribed to it. After an abort nothing is sent. */
  send(event: string, message: (endpoint: ResourceRef) => unknown): void {
    if (this.interruptedSeconds !== undefined) return;
    for (const endpoint of this.endpoints) endpoint.send(event, message);
  }

  /**
   * The recording pauses: every stream ends at this moment, and every connection closes. `beforeClose` as with `end`.
   * What was to come is forgotten.
   */
  pause(beforeClose: () => void = () => {}): void {
    this.#drainThen(() => {
      beforeClose();
      for (const endpoint of this.endpoints) endpoint.pause();
    });
  }

  /** The recording goes on. The caller adds the streams that go on with it. A pause that still waits for its last frames is completed first. */
  resume(): void {
    this.#finishDrain();
    for (const endpoint of this.endpoints) endpoint.start();
  }

  /** Loses the connections of a participant's running streams (of all when undefined), as a broken network does. Returns how many. */
  drop(participant: number | undefined): number {
    const connections = new Set(
      participant === undefined
        ? this.endpoints.flatMap((endpoint) => [...endpoint.connections])
        : [...this.#playing]
            .filter(({ stream }) => stream.plan.participant === participant)
            .flatMap(({ stream }) => stream.outputs.map((output) => output.connection)),
    );
    let dropped = 0;
    for (const connection of connections) {
      if (connection.state !== 'open') continue;
      connection.drop();
      dropped++;
    }
    return dropped;
  }

  /** Somebody the timeline does not know. Returns their index. */
  addParticipant(participant: Participant): number {
    this.participants.push(participant);
    return this.participants.length - 1;
  }

  /** Another name, an email: streams that begin from now on carry it. */
  changeParticipant(index: number, participant: Participant): void {
    this.participants[index] = participant;
    this.#changed.add(index);
  }

  /** Per participant id, the position up to which frames have fallen due. */
  scheduledUntil(): ReadonlyMap<number, number> {
    const until = new Map<number, number>();
    const note = (participant: number, sample: number): void => {
      const { id } = this.participants[participant]!;
      until.set(id, Math.max(until.get(id) ?? 0, sample));
    };
    for (const [participant, sample] of this.#scheduledUntil) note(participant, sample);
    for (const { stream, audio } of this.#playing)
      if (audio !== undefined) note(stream.plan.participant, stream.scheduledUntilSample);
    return until;
  }

  /** One entry per participant, in their order. Of their audio. */
  status(): ParticipantStatus[] {
    const status = this.participants.map((participant, index) => {
      const stream = this.#current.get(index);
      return {
        participant,
        state: stream === undefined ? ('muted' as const) : (stream.outputs[0]?.connection.state ?? 'idle'),
        level: stream?.lastFrame === undefined ? 0 : rms(stream.lastFrame),
        scheduled: 0,
        sent: 0,
        dropped: 0,
      };
    });
    for (const account of this.ledger.accounts) {
      const entry = status[account.participant];
      if (entry === undefined || account.medium !== AUDIO) continue;
      entry.scheduled += account.scheduled;
      entry.sent += account.sent;
      for (const reason of DROP_REASONS) entry.dropped += account.dropped[reason];
    }
    return status;
  }

  /** Ends everything at once: for interrupts. `play` or `end` resolves then. */
  abort(): void {
    this.interruptedSeconds ??= this.elapsedSeconds;
    this.#cancelEnd();
    for (const playing of [...this.#playing]) {
      playing.cancel();
      playing.stream.stop();
      this.#remove(playing);
    }
    this.#drain = undefined;
    for (const endpoint of this.endpoints) endpoint.abort();
    this.#resolveStreams();
  }

  /** A task of ours has thrown, such as for an audio file that is gone. */
  #fail(error: unknown): void {
    if (this.#error !== undefined) return;
    this.#error = error;
    const drain = this.#drain;
    this.abort();
    // Whoever waits for the last frames is told that there are no more of them.
    drain?.then();
    this.options.onError?.(error);
  }

  /**
   * Ends all streams now, and calls back when their last frames have been passed: in the same turn as the last of them,
   * because virtual time does not wait for promises.
   */
  #drainThen(then: () => void): void {
    this.#finishDrain();
    this.cut(undefined, this.nowSample);
    this.#drain = { left: new Set(this.#playing), then };
    this.#onDrained();
  }

  #onDrained(ended?: Playing): void {
    const drain = this.#drain;
    if (drain === undefined) return;
    if (ended !== undefined) drain.left.delete(ended);
    if (drain.left.size > 0) return;
    this.#drain = undefined;
    drain.then();
  }

  /** What waits for the last frames of a drain does not wait any longer: they are passed now. */
  #finishDrain(): void {
    for (const playing of [...(this.#drain?.left ?? [])]) {
      playing.cancel();
      try {
        playing.stream.finish(this.options.pacer.clock.now());
      } catch (error) {
        this.#fail(error);
      }
    }
  }

  async #ended(): Promise<void> {
    await this.#streamsEnded;
    this.#faults?.letGo();
    await Promise.all(this.endpoints.map((endpoint) => endpoint.end()));
    this.#tasks.close();
  }

  #makeEndpoint(options: EndpointOptions, endpointIndex: number): Endpoint {
    const { pacer, mode, connection, ids, nowSeconds, onEndpointStatus, refusal } = this.options;
    let messages = 0;
    return new Endpoint(
      options,
      mode,
      connection,
      {
        clock: pacer.clock,
        pacer: this.#tasks,
        ledger: this.ledger,
        endpointIndex,
        seed: this.timeline.seed,
        originMs: this.#originMs,
        onChange: () => this.events.emit('change'),
        onLog: (level, text) => this.events.emit('log', level, text),
        ...(refusal && { refusal: () => refusal(endpointIndex) }),
      },
      {
        messageId: () => `msg_${ids.uuid(`upgrade ${endpointIndex} ${messages++}`).replaceAll('-', '')}`,
        nowSeconds,
      },
      (status) => onEndpointStatus?.(endpointIndex, status),
      (made) => this.#faults?.greet(made),
    );
  }

  /**
   * The pacer's time of a stream's position 0. In real time participants are spread over a frame's length, so that they do not
   * all fall due at once; a participant's own order and distances stay as they are.
   */
  #originOf({ participant }: Interval, frameMs: number): number {
    return (
      this.#originMs + (this.options.pacer.clock.virtual ? 0 : ((participant * PHASE_STEP) % 1) * frameMs)
    );
  }

  #start(stream: Playing['stream'], audio: FrameCursor | undefined): Playing {
    const playing: Playing = { stream, audio, cancel: this.#tasks.add(stream.nextDueMs, stream) };
    this.#playing.add(playing);
    this.#running++;
    return playing;
  }

  #onStreamEnd(playing: Playing): void {
    this.#remove(playing);
    this.events.emit('change');
    this.#streamEnded();
    this.#onDrained(playing);
  }

  #open(plan: StreamPlan): readonly StreamOutput<Int16Array>[] {
    if (this.options.admits?.(plan.participant) === false) return [];
    const { audioSeparate } = this.options;
    return this.endpoints
      .filter((endpoint) => endpoint.wantsAudio)
      .map((endpoint) => {
        const context = { ...this.#streamContext(plan, endpoint), audioSeparate };
        return this.#output(plan, endpoint, new FrameEncoder(context, this.#scratch, this.#cache));
      });
  }

  #openVideo(plan: VideoPlan, { separate }: VideoOptions): readonly StreamOutput<Uint8Array>[] {
    return this.endpoints
      .filter((endpoint) => endpoint.wantsVideo)
      .map((endpoint) => {
        const { type } = plan;
        const context = { ...this.#streamContext(plan, endpoint), videoSeparate: separate, type };
        return this.#output(plan, endpoint, new FrameEncoder(context, this.#scratch));
      });
  }

  #output({ participant }: Interval, endpoint: Endpoint, encoder: FrameEncoder): StreamOutput<FrameContent> {
    const connection = endpoint.connect(participant);
    return {
      connection,
      exclusive: this.options.mode === 'per-participant',
      encoder,
      release: () => endpoint.release(connection),
    };
  }

  #streamContext(plan: Interval, endpoint: Endpoint): StreamContext {
    const { recording, bot, absoluteFormat } = this.options;
    return {
      participant: this.#participantAt(plan),
      realtimeEndpoint: endpoint.resource,
      recording,
      bot,
      startMicros: this.#startMicros,
      absoluteFormat,
    };
  }

  /** The participant as the last update before the stream left it. */
  #participantAt(plan: Interval): Participant {
    const { timeline } = this;
    return this.#changed.has(plan.participant) || plan.participant >= timeline.participants.length
      ? this.participants[plan.participant]!
      : participantAt(timeline, plan);
  }

  /** The stream of audio that a position belongs to; its first frame may still have to come. */
  #playingAt(participant: number, sample: number): Playing | undefined {
    for (const playing of this.#playing) {
      const { plan, endSample } = playing.stream;
      if (playing.audio === undefined || plan.participant !== participant) continue;
      if (plan.startSample <= sample && endSample > sample) return playing;
    }
    return undefined;
  }

  #reschedule(playing: Playing): void {
    playing.cancel();
    playing.cancel = this.#tasks.add(playing.stream.nextDueMs, playing.stream);
  }

  #remove(playing: Playing): void {
    const { plan, scheduledUntilSample } = playing.stream;
    this.#playing.delete(playing);
    if (playing.audio === undefined) return;
    this.#scheduledUntil.set(
      plan.participant,
      Math.max(this.#scheduledUntil.get(plan.participant) ?? 0, scheduledUntilSample),
    );
    if (this.#current.get(plan.participant) === playing.stream) this.#current.delete(plan.participant);
  }

  #streamEnded(): void {
    this.#running--;
    if (this.#running > 0) return;
    this.#companion?.finish();
    this.#resolveStreams();
  }
}

/** Whether any samples in memory are sent more than once: then their base64 is worth keeping. */
function sharesAudio(timeline: Timeline, endpoints: number): boolean {
  if (endpoints > 1) return true;
  const seen = new Set<AudioSource>();
  for (const { segments } of timeline.streams) {
    for (const { source } of segments) {
      if (source.pcm === undefined) continue;
      if (seen.has(source)) return true;
      seen.add(source);
    }
  }
  return false;
}
