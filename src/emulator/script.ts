/**
 * A meeting as a script: what a receiver sees, in order, without sockets and without time. The messages are the encoder's
 * own bytes, cut by the same cursor; only the network is missing.
 */
import { createIds } from '../protocol/ids.ts';
import { type ResourceRef, refFor } from '../protocol/resource.ts';
import type { AbsoluteFormat } from '../protocol/timestamp.ts';
import { participantAt, type Timeline } from '../scenario/timeline.ts';
import { FrameEncoder, framePayload, Scratch } from './encoder.ts';
import type { ConnectionMode } from './endpoint.ts';
import { FrameCursor, frameSamples } from './frames.ts';

/** Connections are numbered 1, 2, 3… in the order of their opening. */
export type ScriptStep =
  | { readonly kind: 'open'; readonly connection: number; readonly atSample: number }
  | {
      readonly kind: 'message';
      readonly connection: number;
      readonly atSample: number;
      readonly participantId: number;
      /** The JSON text of one `audio_separate_raw.data` message. */
      readonly text: string;
    }
  | { readonly kind: 'close'; readonly connection: number; readonly atSample: number; readonly code: number };

export interface ScriptOptions {
  /** Default `per-participant`. */
  readonly mode?: ConnectionMode | undefined;
  /** Frame lengths in milliseconds, repeated in turn; default 100. */
  readonly frameMs?: readonly number[] | undefined;
  readonly startTime?: Date | undefined;
  readonly absoluteFormat?: AbsoluteFormat | undefined;
  /** Ids derive from it; default the timeline's. */
  readonly seed?: number | undefined;
}

/** The ids of the resources that a script's messages name. */
export interface ScriptResources {
  readonly recording: ResourceRef;
  readonly audioSeparate: ResourceRef;
  readonly realtimeEndpoint: ResourceRef;
  readonly bot: ResourceRef;
}

const DEFAULT_START = new Date('2026-01-01T10:00:00Z');

export function scriptResources(seed: number): ScriptResources {
  const ids = createIds(seed);
  return {
    recording: refFor(ids, 'recording'),
    audioSeparate: refFor(ids, 'audio_separate'),
    realtimeEndpoint: refFor(ids, 'realtime_endpoint'),
    bot: refFor(ids, 'bot'),
  };
}

/** All steps of a meeting in the order of their positions. */
export function scriptOf(timeline: Timeline, options: ScriptOptions = {}): readonly ScriptStep[] {
  const { mode = 'per-participant', frameMs = [100], startTime = DEFAULT_START } = options;
  const resources = scriptResources(options.seed ?? timeline.seed);
  const scratch = new Scratch();
  const sizes = frameSamples(frameMs);
  const shared = mode === 'per-endpoint';
  const steps: ScriptStep[] = [];
  if (shared) steps.push({ kind: 'open', connection: 1, atSample: 0 });
  for (const [index, plan] of timeline.streams.entries()) {
    const connection = shared ? 1 : index + 1;
    const participant = participantAt(timeline, plan);
    const encoder = new FrameEncoder(
      {
        participant,
        ...resources,
        startMicros: startTime.getTime() * 1_000,
        absoluteFormat: options.absoluteFormat ?? 'micros-offset',
      },
      scratch,
    );
    if (!shared) steps.push({ kind: 'open', connection, atSample: plan.startSample });
    for (const cursor = new FrameCursor(plan, sizes); !cursor.done; cursor.advance()) {
      const text = framePayload(encoder.encode(cursor.startSample, cursor.read())).toString('utf8');
      steps.push({
        kind: 'message',
        connection,
        atSample: cursor.startSample,
        participantId: participant.id,
        text,
      });
    }
    if (!shared) steps.push({ kind: 'close', connection, atSample: plan.endSample, code: 1000 });
  }
  // The sort is stable: what one participant does at one moment stays in its order.
  steps.sort((a, b) => a.atSample - b.atSample);
  if (shared) steps.push({ kind: 'close', connection: 1, atSample: timeline.durationSamples, code: 1000 });
  return steps;
}
