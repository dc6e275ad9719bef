/**
 * A meeting as a script: what a receiver sees, in order, without sockets and without time. The messages are the encoder's
 * own bytes, cut by the same cursor; only the network is missing.
 */
import { createIds } from '../protocol/ids.ts';
import { type ResourceRef, refFor } from '../protocol/resource.ts';
import type { AbsoluteFormat } from '../protocol/timestamp.ts';
import { participantAt, type StreamPlan, type Timeline } from '../scenario/timeline.ts';
import { type AudioContext, FrameEncoder, framePayload, Scratch } from './encoder.ts';
import type { ConnectionMode } from './endpoint.ts';
import { FrameCursor, frameSamples } from './frames.ts';
import { DEFAULTS } from './options.ts';

/** Connections are numbered 1, 2, 3… in the order of their opening. */
export type ScriptStep =
  | { readonly kind: 'open'; readonly connection: number; readonly atSample: number }
  | {
      readonly kind: 'message';
      readonly connection: number;
      readonly atSample: number;
      /** Whose audio it is. */
      readonly participantId?: number;
      /** JSON, in the scripts of meetings: one `audio_separate_raw.data` message. */
      readonly text: string;
    }
  | { readonly kind: 'close'; readonly connection: number; readonly atSample: number; readonly code: number };

/** Nothing happens for so many milliseconds; what follows comes so much later. */
export interface WaitStep {
  readonly kind: 'wait';
  readonly atSample: number;
  readonly ms: number;
}

/** A binary message, which no meeting of Recall's has. */
interface BinaryStep {
  readonly kind: 'binary';
  readonly connection: number;
  readonly atSample: number;
  readonly bytes: Buffer;
}

/** A ping. What follows comes when it has been answered, or will not be. */
interface PingStep {
  readonly kind: 'ping';
  readonly connection: number;
  readonly atSample: number;
}

/** What is to happen at a receiver, in order. */
export type Script = Iterable<ScriptStep | WaitStep | BinaryStep | PingStep>;

/** One of its steps. */
export type StepOf<Steps> = Steps extends Iterable<infer Step> ? Step : never;

export interface ScriptOptions {
  /** Default `per-participant`. */
  readonly mode?: ConnectionMode | undefined;
  /** Frame lengths in milliseconds, repeated in turn; default 100. */
  readonly frameMs?: readonly number[] | undefined;
  readonly startTime?: Date | undefined;
  readonly absoluteFormat?: AbsoluteFormat | undefined;
  /** Ids derive from it; default the timeline's. */
  readonly seed?: number | undefined;
  /** `bot.metadata` of every message; default none. */
  readonly botMetadata?: ResourceRef['metadata'] | undefined;
}

/** The ids of the resources that a script's messages name. */
export interface ScriptResources {
  readonly recording: ResourceRef;
  readonly audioSeparate: ResourceRef;
  readonly realtimeEndpoint: ResourceRef;
  readonly bot: ResourceRef;
}

const DEFAULT_START = new Date('2026-01-01T10:00:00Z');

export function scriptResources(seed: number, botMetadata?: ResourceRef['metadata']): ScriptResources {
  const ids = createIds(seed);
  return {
    recording: refFor(ids, 'recording'),
    audioSeparate: refFor(ids, 'audio_separate'),
    realtimeEndpoint: refFor(ids, 'realtime_endpoint'),
    bot: refFor(ids, 'bot', botMetadata),
  };
}

/**
 * The steps of a meeting in the order of their positions, made one by one as they are asked for: a meeting of hours never
 * stands in memory at once. Throws a `UsageError` for frame lengths that cannot be sent.
 */
export function scriptOf(timeline: Timeline, options: ScriptOptions = {}): Generator<ScriptStep, void> {
  const { mode = DEFAULTS.connections, frameMs = DEFAULTS.frameMs, startTime = DEFAULT_START } = options;
  const resources = scriptResources(options.seed ?? timeline.seed, options.botMetadata);
  const scratch = new Scratch();
  const sizes = frameSamples(frameMs);
  const shared = mode === 'per-endpoint';
  const lanes = timeline.streams.map((plan, index): Lane => {
    const context: AudioContext = {
      participant: participantAt(timeline, plan),
      ...resources,
      startMicros: startTime.getTime() * 1_000,
      absoluteFormat: options.absoluteFormat ?? DEFAULTS.absoluteFormat,
    };
    const connection = shared ? 1 : index + 1;
    const messages = (): Generator<ScriptStep, void> => messagesOf(plan, sizes, context, scratch, connection);
    return {
      startSample: plan.startSample,
      steps: shared ? messages : () => connected(plan, connection, messages()),
    };
  });
  return shared
    ? connected({ startSample: 0, endSample: timeline.durationSamples }, 1, merged(lanes))
    : merged(lanes);
}

/** The steps between the opening of a connection and its close. */
function* connected(
  { startSample, endSample }: { readonly startSample: number; readonly endSample: number },
  connection: number,
  steps: Iterable<ScriptStep>,
): Generator<ScriptStep, void> {
  yield { kind: 'open', connection, atSample: startSample };
  yield* steps;
  yield { kind: 'close', connection, atSample: endSample, code: 1000 };
}

function* messagesOf(
  plan: StreamPlan,
  sizes: readonly number[],
  context: AudioContext,
  scratch: Scratch,
  connection: number,
): Generator<ScriptStep, void> {
  const encoder = new FrameEncoder(context, scratch);
  const participantId = context.participant.id;
  const cursor = new FrameCursor(plan, sizes);
  try {
    for (; !cursor.done; cursor.advance()) {
      const text = framePayload(encoder.encode(cursor.startSample, cursor.read())).toString('utf8');
      yield { kind: 'message', connection, atSample: cursor.startSample, participantId, text };
    }
  } finally {
    cursor.close();
  }
}

/** The steps of one stream. They are begun when its start has come, and not before. */
interface Lane {
  readonly startSample: number;
  steps(): Generator<ScriptStep, void>;
}

/** A lane that has begun, and its next step. */
interface Head {
  readonly lane: number;
  readonly steps: Generator<ScriptStep, void>;
  readonly step: ScriptStep;
}

/** Merges lanes, which are in the order of their starts. Of steps at one position the earlier lane's come first. */
function* merged(lanes: readonly Lane[]): Generator<ScriptStep, void> {
  /** The next to come is the last. */
  const heads: Head[] = [];
  const enter = (lane: number, steps: Generator<ScriptStep, void>): void => {
    const { value: step } = steps.next();
    if (step === undefined) return;
    const comesLater = (head: Head): boolean =>
      head.step.atSample > step.atSample || (head.step.atSample === step.atSample && head.lane > lane);
    // A step of a stream is followed by one that most others come before: this looks at few.
    let at = 0;
    while (at < heads.length && comesLater(heads[at]!)) at++;
    heads.splice(at, 0, { lane, steps, step });
  };
  let begun = 0;
  try {
    for (;;) {
      const head = heads.at(-1);
      const lane = lanes[begun];
      if (lane !== undefined && (head === undefined || lane.startSample < head.step.atSample)) {
        enter(begun++, lane.steps());
      } else if (head === undefined) return;
      else {
        yield head.step;
        heads.pop();
        enter(head.lane, head.steps);
      }
    }
  } finally {
    for (const { steps } of heads) steps.return();
  }
}
