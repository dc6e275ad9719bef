/**
 * A session: one bot in one meeting. Plays a timeline to its real-time endpoints and keeps the ledger. It decides what
 * exists and when it starts and ends; streams, connections and the pacer do the work. `play` runs a timeline as it is;
 * whoever wants to interfere (mute somebody, pause, say something) begins it and adds, changes and ends streams.
 */
import { EventEmitter } from 'node:events';
import type { Participant } from '../protocol/participant.ts';
import type { ResourceRef } from '../protocol/resource.ts';
import type { VideoType } from '../protocol/video-separate-png.ts';
import type { Segment, StreamPlan, Timeline, VideoPlan } from '../scenario/timeline.ts';
import type { Connection } from './connection.ts';
import type { Endpoint } from './endpoint.ts';
import type { FaultSpec } from './faults/fault.ts';
import { FaultPlan } from './faults/plan.ts';
import { scenarioFaults } from './faults/read.ts';
import { Ledger } from './ledger.ts';
import { MessageTap } from './message-tap.ts';
import type { PacerGroup } from './pacer.ts';
import { type ParticipantStatus, participantStatus } from './participant-status.ts';
import { RecordingTime } from './recording-time.ts';
import { Roster } from './roster.ts';
import { sessionEndpoint } from './session-endpoint.ts';
import type { SessionOptions } from './session-options.ts';
import { StreamOutputs } from './stream-outputs.ts';
import { Streams } from './streams.ts';

export type LogLevel = 'debug' | 'info' | 'warn';

export interface SessionEvents {
  log: [level: LogLevel, text: string];
  /** A connection changed its state. */
  change: [];
  /** The last connection has closed: nothing follows. */
  end: [];
}

/** What is played beside the streams: the meeting's other events. */
export interface Companion {
  /** The recording has begun. The streams are added after it. */
  start(): void;
  /** The last frame has been passed. What is still to be said is said now, before the connections close. */
  finish(): void;
}

export class Session {
  readonly ledger: Ledger;
  readonly events = new EventEmitter<SessionEvents>();
  readonly timeline: Timeline;
  readonly messages = new MessageTap();
  readonly options: SessionOptions;
  /** Meeting seconds at which an abort came, if one did. */
  interruptedSeconds: number | undefined;
  readonly #roster: Roster;
  readonly #time: RecordingTime;
  readonly #streams: Streams;
  readonly #endpoints: Endpoint[] = [];
  readonly #tasks: PacerGroup;
  readonly #askedFaults: readonly FaultSpec[];
  #faults: FaultPlan | undefined;
  #cancelEnd: () => void = () => {};
  #companion: Companion | undefined;
  #error: unknown;
  /** The meeting itself has ended; streams may still have their last frames to pass. */
  #over = false;
  #resolveStreams: () => void = () => {};
  readonly #streamsEnded: Promise<void>;

  /** Throws an `InvalidInputError` (`invalid_scenario`) for faults of the timeline that cannot be. */
  constructor(options: SessionOptions) {
    this.options = options;
    this.#askedFaults = [...scenarioFaults(options.timeline.faults), ...(options.faults ?? [])];
    this.ledger = new Ledger(options.lateness);
    this.timeline = options.timeline;
    this.#tasks = options.pacer.group({ onError: (error) => this.#fail(error) });
    this.#time = new RecordingTime(options.pacer.clock);
    this.#roster = new Roster(options.timeline);
    this.#streams = new Streams(options, {
      ledger: this.ledger,
      tasks: this.#tasks,
      time: this.#time,
      roster: this.#roster,
      outputs: new StreamOutputs(options, this.#endpoints, this.#roster, this.#time),
      onChange: () => this.events.emit('change'),
      onEnd: () => this.#settle(),
      onError: (error) => this.#fail(error),
    });
    this.#streamsEnded = new Promise<void>((resolve) => {
      this.#resolveStreams = resolve;
    });
  }

  /** As in the timeline, plus who was added, with the changes made since. */
  get participants(): readonly Participant[] {
    return this.#roster.participants;
  }

  /** None before it has begun. */
  get endpoints(): readonly Endpoint[] {
    return this.#endpoints;
  }

  /** When the recording started, in microseconds since the epoch. */
  get startMicros(): number {
    return this.#time.startMicros;
  }

  /** Seconds into the meeting. */
  get elapsedSeconds(): number {
    return this.#time.elapsedSeconds;
  }

  /** The position of this moment, in samples since the recording started. */
  get nowSample(): number {
    return this.#time.nowSample;
  }

  /** The pacer's time of a position, without the phase that spreads streams. */
  timeOfSample(sample: number): number {
    return this.#time.timeOfSample(sample);
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
          this.#meetingOver(),
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
    if (this.#time.begun) throw new Error('a session plays once');
    this.#time.begin(this.options.startMicros);
    const context = {
      pacer: this.#tasks,
      ledger: this.ledger,
      originMs: this.#time.originMs,
      tap: this.messages,
      onChange: () => this.events.emit('change'),
      onLog: (level: LogLevel, text: string) => this.events.emit('log', level, text),
      onConnection: (connection: Connection) => this.#faults?.greet(connection),
    };
    for (const [index, endpoint] of this.options.endpoints.entries())
      this.#endpoints.push(sessionEndpoint(this.options, endpoint, index, context));
    for (const fault of this.#askedFaults) this.inject(fault);
    for (const endpoint of this.endpoints) endpoint.start();
  }

  /** Something is to go wrong, now or later. Throws a `UsageError` for somebody who is not in the meeting. */
  inject(fault: FaultSpec): void {
    this.#faults ??= new FaultPlan({
      originMs: this.#time.originMs,
      now: () => this.options.pacer.clock.now(),
      at: (dueMs, callback) => this.#tasks.at(dueMs, callback),
      connections: () => this.#connections(),
      indexOf: (participantId) => this.#roster.indexOf(participantId),
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
    this.#streams.drain(() => {
      beforeClose();
      this.#meetingOver();
    });
    await this.#ended();
  }

  /**
   * Adds a stream. It begins when its first position comes, or at once when that has passed. What the participant has sent
   * already is left out of it: in virtual time a frame leaves at its first sample, so a mute comes after the whole of it.
   */
  add(plan: StreamPlan): void {
    this.#streams.add(plan);
  }

  /** Adds a participant's video, if any endpoint is subscribed to it. It begins as any added stream does. */
  addVideo(plan: VideoPlan): void {
    this.#streams.addVideo(plan);
  }

  /**
   * Mutes a participant from a position on: the running stream of audio ends there, nothing lost before it, and what has not
   * begun never does. Undefined: all participants, and their video. Returns the position at which the running stream of the
   * participant ends, if there was one.
   */
  cut(participant: number | undefined, sample: number): number | undefined {
    return this.#streams.cut(participant, sample);
  }

  /** Switches off a participant's cameras and screens from a position on: for whoever leaves when the timeline does not say so. */
  cutVideo(participant: number, sample: number, type?: VideoType): void {
    this.#streams.cutVideo(participant, sample, type);
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
    return this.#streams.replaceFrom(participant, sample, segmentsFrom);
  }

  /** The mute of a participant's running stream, or undefined when none runs at this position. */
  runningUntil(participant: number, sample: number): number | undefined {
    return this.#streams.runningUntil(participant, sample);
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
    this.#streams.drain(() => {
      beforeClose();
      for (const endpoint of this.endpoints) endpoint.pause();
    });
  }

  /** The recording goes on. The caller adds the streams that go on with it. A pause that still waits for its last frames is completed first. */
  resume(): void {
    this.#streams.finishDrain();
    for (const endpoint of this.endpoints) endpoint.start();
  }

  /** Loses the connections of a participant's running streams (of all when undefined), as a broken network does. Returns how many. */
  drop(participant: number | undefined): number {
    const connections = new Set(
      participant === undefined ? this.#connections() : this.#streams.connectionsOf(participant),
    );
    const open = [...connections].filter(({ state }) => state === 'open');
    for (const connection of open) connection.drop();
    return open.length;
  }

  /** Somebody the timeline does not know. Returns their index. */
  addParticipant(participant: Participant): number {
    return this.#roster.add(participant);
  }

  /** Another name, an email: streams that begin from now on carry it. */
  changeParticipant(index: number, participant: Participant): void {
    this.#roster.change(index, participant);
  }

  /** Per participant id, the position up to which frames have fallen due. */
  scheduledUntil(): ReadonlyMap<number, number> {
    return this.#streams.scheduledUntil();
  }

  /** One entry per participant, in their order. Of their audio. */
  status(): ParticipantStatus[] {
    return participantStatus(this.participants, this.#streams.audio, this.ledger.accounts);
  }

  /** Ends everything at once: for interrupts. `play` or `end` resolves then. */
  abort(): void {
    this.#abort();
  }

  /** Returns what waited for the last frames of the streams, if something did: it is for the caller to call. */
  #abort(): (() => void) | undefined {
    this.interruptedSeconds ??= this.elapsedSeconds;
    this.#cancelEnd();
    const waiting = this.#streams.stop();
    for (const endpoint of this.endpoints) endpoint.abort();
    this.#resolveStreams();
    return waiting;
  }

  /** A task of ours has thrown, such as for an audio file that is gone. */
  #fail(error: unknown): void {
    if (this.#error !== undefined) return;
    this.#error = error;
    // Whoever waits for the last frames is told that there are no more of them.
    this.#abort()?.();
    this.options.onError?.(error);
  }

  #meetingOver(): void {
    this.#over = true;
    this.#settle();
  }

  /** The last to end, the meeting or a stream, lets the connections close. */
  #settle(): void {
    if (!this.#over || this.#streams.size > 0) return;
    this.#companion?.finish();
    this.#resolveStreams();
  }

  async #ended(): Promise<void> {
    await this.#streamsEnded;
    this.#faults?.letGo();
    await Promise.all(this.endpoints.map((endpoint) => endpoint.end()));
    this.#tasks.close();
    this.events.emit('end');
  }

  /** Those that have not ended. */
  #connections(): Connection[] {
    return this.#endpoints.flatMap(({ connections }) => [...connections]);
  }
}
