/**
 * The streams of a session, from the moment each is added to its end: they begin, are cut, replaced and drained here. What runs
 * one is the pacer; where its frames go is decided by the outputs.
 */
import { SAMPLE_RATE } from '../protocol/pcm.ts';
import type { VideoType } from '../protocol/video-separate-png.ts';
import { streamFrom } from '../scenario/slice.ts';
import type { Segment, StreamPlan, VideoPlan } from '../scenario/timeline.ts';
import type { Connection } from './connection.ts';
import { FrameCursor, frameSamples } from './frames.ts';
import { AUDIO, type Ledger } from './ledger.ts';
import type { PacerGroup } from './pacer.ts';
import { mediumOf, PictureCursor } from './pictures.ts';
import type { RecordingTime } from './recording-time.ts';
import type { Roster } from './roster.ts';
import type { SessionOptions } from './session-options.ts';
import { Stream } from './stream.ts';
import type { StreamOutputs } from './stream-outputs.ts';

/** What the streams are to their session. */
export interface StreamsContext {
  readonly ledger: Ledger;
  readonly tasks: PacerGroup;
  readonly time: RecordingTime;
  readonly roster: Roster;
  readonly outputs: StreamOutputs;
  /** A stream begins or has ended. */
  onChange(): void;
  /** A stream has ended, or will never begin. Not called for those that were stopped. */
  onEnd(): void;
  /** The last frames of a drain could not be read. */
  onError(error: unknown): void;
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

export class Streams {
  readonly #options: SessionOptions;
  readonly #context: StreamsContext;
  readonly #frameSamples: readonly number[];
  /** The stream of audio of each participant that runs now. */
  readonly #current = new Map<number, Stream<Int16Array>>();
  readonly #playing = new Set<Playing>();
  /** Per participant, the position up to which frames of audio have fallen due in streams that are over. */
  readonly #scheduledUntil = new Map<number, number>();
  #drain: Drain | undefined;

  /** Throws a `UsageError` (`invalid_frame_ms`). */
  constructor(options: SessionOptions, context: StreamsContext) {
    this.#options = options;
    this.#context = context;
    this.#frameSamples = frameSamples(options.frameMs);
  }

  /** How many are left, those that have not begun among them. */
  get size(): number {
    return this.#playing.size;
  }

  /** The streams of audio that run now, by participant. */
  get audio(): ReadonlyMap<number, Stream<Int16Array>> {
    return this.#current;
  }

  /**
   * It begins when its first position comes, or at once when that has passed. What the participant has sent already is left out
   * of it: in virtual time a frame leaves at its first sample, so a mute comes after the whole of it.
   */
  add(asked: StreamPlan): void {
    const { frameMs, onFrame } = this.#options;
    const { ledger, time, outputs, roster } = this.#context;
    const { watch } = ledger;
    const plan = streamFrom(asked, this.#scheduledUntil.get(asked.participant) ?? 0);
    if (plan === undefined) return;
    const cursor = new FrameCursor(plan, this.#frameSamples);
    const stream: Stream<Int16Array> = new Stream({
      plan,
      cursor,
      medium: AUDIO,
      scratch: outputs.scratch,
      cached: outputs.cached,
      ledger,
      originMs: time.originOf(plan, Math.min(...frameMs)),
      atStart: time.clock.virtual,
      open: () => {
        this.#current.set(plan.participant, stream);
        watch?.streamBegins(plan.participant, plan.startSample, roster.at(plan));
        this.#context.onChange();
        return outputs.audio(plan);
      },
      onEnd: () => this.#onStreamEnd(playing),
      onFrame:
        (onFrame ?? watch) &&
        ((startSample, pcm) => {
          onFrame?.(plan.participant, startSample, pcm);
          watch?.audio(plan.participant, startSample, pcm);
        }),
    });
    const playing = this.#start(stream, cursor);
  }

  /** A participant's video, if any endpoint is subscribed to it. It begins as any added stream does. */
  addVideo(plan: VideoPlan): void {
    const { video } = this.#options;
    const { ledger, time, roster, outputs } = this.#context;
    if (video === undefined || !outputs.wantVideo) return;
    const { id, name } = roster.at(plan);
    const picture = video.picture({ id, name, type: plan.type, index: plan.participant });
    const medium = mediumOf(plan);
    const stream: Stream<Uint8Array> = new Stream({
      plan,
      cursor: new PictureCursor(plan, picture),
      medium,
      scratch: outputs.scratch,
      cached: false,
      ledger,
      originMs: time.originOf(plan, (medium.unitSamples * 1_000) / SAMPLE_RATE),
      // A picture is there when it is taken.
      atStart: true,
      open: () => {
        this.#context.onChange();
        return outputs.video(plan, video);
      },
      onEnd: () => this.#onStreamEnd(playing),
      onFrame: undefined,
    });
    const playing = this.#start(stream, undefined);
  }

  /**
   * Ends a participant's streams of audio at a position: the one that runs loses nothing before it, and what has not begun never
   * does. Undefined: everybody's, video too. Returns the position at which the running one ends, if there was one.
   */
  cut(participant: number | undefined, sample: number): number | undefined {
    let cutAt: number | undefined;
    for (const playing of [...this.#playing]) {
      const { stream, audio } = playing;
      if (participant !== undefined && (audio === undefined || stream.plan.participant !== participant))
        continue;
      cutAt = this.#cutOne(playing, sample) ?? cutAt;
    }
    return cutAt;
  }

  /** Ends a participant's video at a position: of one type, or all. */
  cutVideo(participant: number, sample: number, type?: VideoType): void {
    for (const playing of [...this.#playing]) {
      const { plan } = playing.stream;
      if (playing.audio !== undefined || plan.participant !== participant) continue;
      if (type === undefined || ('type' in plan && plan.type === type)) this.#cutOne(playing, sample);
    }
  }

  /** Replaces what a participant's running stream holds. Returns from where on, or undefined when none of theirs runs. */
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

  /** The end of a participant's stream of audio, or undefined when none runs at this position. */
  runningUntil(participant: number, sample: number): number | undefined {
    return this.#playingAt(participant, sample)?.stream.endSample;
  }

  /** The connections of a participant's streams. */
  connectionsOf(participant: number): Connection[] {
    return [...this.#playing]
      .filter(({ stream }) => stream.plan.participant === participant)
      .flatMap(({ stream }) => stream.outputs.map((output) => output.connection));
  }

  /** Per participant id, the position up to which frames of audio have fallen due. */
  scheduledUntil(): ReadonlyMap<number, number> {
    const { participants } = this.#context.roster;
    const until = new Map<number, number>();
    const note = (participant: number, sample: number): void => {
      const { id } = participants[participant]!;
      until.set(id, Math.max(until.get(id) ?? 0, sample));
    };
    for (const [participant, sample] of this.#scheduledUntil) note(participant, sample);
    for (const { stream, audio } of this.#playing)
      if (audio !== undefined) note(stream.plan.participant, stream.scheduledUntilSample);
    return until;
  }

  /**
   * Ends all of them now, and calls back when their last frames have been passed: in the same turn as the last of them,
   * because virtual time does not wait for promises.
   */
  drain(then: () => void): void {
    this.finishDrain();
    this.cut(undefined, this.#context.time.nowSample);
    this.#drain = { left: new Set(this.#playing), then };
    this.#onDrained();
  }

  /** What waits for the last frames of a drain does not wait any longer: they are passed now. */
  finishDrain(): void {
    for (const playing of [...(this.#drain?.left ?? [])]) {
      playing.cancel();
      try {
        playing.stream.finish(this.#context.time.clock.now());
      } catch (error) {
        this.#context.onError(error);
      }
    }
  }

  /** Ends all at once, without their last frames. Returns what waited for those, for the caller to call. */
  stop(): (() => void) | undefined {
    for (const playing of [...this.#playing]) {
      playing.cancel();
      playing.stream.stop();
      this.#remove(playing);
    }
    const then = this.#drain?.then;
    this.#drain = undefined;
    return then;
  }

  #onDrained(ended?: Playing): void {
    const drain = this.#drain;
    if (drain === undefined) return;
    if (ended !== undefined) drain.left.delete(ended);
    if (drain.left.size > 0) return;
    this.#drain = undefined;
    drain.then();
  }

  /** The position at which a stream ends that runs; undefined for one that has not begun or is over by then. */
  #cutOne(playing: Playing, sample: number): number | undefined {
    const { stream } = playing;
    if (!stream.begun && stream.plan.startSample >= sample) {
      playing.cancel();
      stream.stop();
      this.#remove(playing);
      this.#context.onEnd();
      return undefined;
    }
    if (stream.endSample <= sample) return undefined;
    const cutAt = stream.cut(sample);
    this.#reschedule(playing);
    return cutAt;
  }

  #start(stream: Playing['stream'], audio: FrameCursor | undefined): Playing {
    const playing = { stream, audio, cancel: this.#context.tasks.add(stream.nextDueMs, stream) };
    this.#playing.add(playing);
    return playing;
  }

  #onStreamEnd(playing: Playing): void {
    this.#remove(playing);
    this.#context.onChange();
    this.#context.onEnd();
    this.#onDrained(playing);
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
    playing.cancel = this.#context.tasks.add(playing.stream.nextDueMs, playing.stream);
  }

  #remove(playing: Playing): void {
    const { plan, scheduledUntilSample } = playing.stream;
    this.#playing.delete(playing);
    if (playing.audio === undefined) return;
    if (playing.stream.begun)
      this.#context.ledger.watch?.streamEnds(
        plan.participant,
        Math.max(plan.startSample, scheduledUntilSample),
      );
    this.#scheduledUntil.set(
      plan.participant,
      Math.max(this.#scheduledUntil.get(plan.participant) ?? 0, scheduledUntilSample),
    );
    if (this.#current.get(plan.participant) === playing.stream) this.#current.delete(plan.participant);
  }
}
