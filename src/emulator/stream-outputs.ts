/** Where the streams of a session go: for each endpoint that asked for the medium, a connection and an encoder. */
import type { AudioSource } from '../audio/source.ts';
import type { Interval, StreamPlan, Timeline, VideoPlan } from '../scenario/timeline.ts';
import { Base64Cache, FrameEncoder, Scratch, type StreamContext } from './encoder.ts';
import type { Endpoint } from './endpoint.ts';
import type { FrameContent } from './media.ts';
import type { VideoOptions } from './pictures.ts';
import type { RecordingTime } from './recording-time.ts';
import type { Roster } from './roster.ts';
import type { SessionOptions } from './session-options.ts';
import type { StreamOutput } from './stream.ts';

export class StreamOutputs {
  readonly scratch: Scratch;
  readonly #options: SessionOptions;
  readonly #endpoints: readonly Endpoint[];
  readonly #roster: Roster;
  readonly #time: RecordingTime;
  readonly #cache: Base64Cache | undefined;

  /** `endpoints` may be filled later: they are looked at when a stream begins. */
  constructor(options: SessionOptions, endpoints: readonly Endpoint[], roster: Roster, time: RecordingTime) {
    this.#options = options;
    this.#endpoints = endpoints;
    this.#roster = roster;
    this.#time = time;
    this.scratch = options.scratch ?? new Scratch();
    this.#cache =
      options.cache ??
      (sharesAudio(options.timeline, options.endpoints.length) ? new Base64Cache() : undefined);
  }

  /** Whether the encoders keep base64 of audio in memory. */
  get cached(): boolean {
    return this.#cache !== undefined;
  }

  /** Whether any endpoint is subscribed to video. */
  get wantVideo(): boolean {
    return this.#endpoints.some(({ wantsVideo }) => wantsVideo);
  }

  audio(plan: StreamPlan): readonly StreamOutput<Int16Array>[] {
    const { audioSeparate, admits } = this.#options;
    if (admits?.(plan.participant) === false) return [];
    return this.#endpoints
      .filter((endpoint) => endpoint.wantsAudio)
      .map((endpoint) => {
        const context = { ...this.#contextOf(plan, endpoint), audioSeparate };
        return this.#output(plan, endpoint, new FrameEncoder(context, this.scratch, this.#cache));
      });
  }

  video(plan: VideoPlan, { separate }: VideoOptions): readonly StreamOutput<Uint8Array>[] {
    return this.#endpoints
      .filter((endpoint) => endpoint.wantsVideo)
      .map((endpoint) => {
        const { type } = plan;
        const context = { ...this.#contextOf(plan, endpoint), videoSeparate: separate, type };
        return this.#output(plan, endpoint, new FrameEncoder(context, this.scratch));
      });
  }

  #output({ participant }: Interval, endpoint: Endpoint, encoder: FrameEncoder): StreamOutput<FrameContent> {
    const connection = endpoint.connect(participant);
    return {
      connection,
      exclusive: this.#options.mode === 'per-participant',
      encoder,
      release: () => endpoint.release(connection),
    };
  }

  #contextOf(plan: Interval, endpoint: Endpoint): StreamContext {
    const { recording, bot, absoluteFormat } = this.#options;
    return {
      participant: this.#roster.at(plan),
      realtimeEndpoint: endpoint.resource,
      recording,
      bot,
      startMicros: this.#time.startMicros,
      absoluteFormat,
    };
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
