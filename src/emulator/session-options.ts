/** What a session is told: the timeline, where it goes, and how. `play`, the server and load tests fill it in. */
import type { Ids } from '../protocol/ids.ts';
import type { ResourceRef } from '../protocol/resource.ts';
import type { AbsoluteFormat } from '../protocol/timestamp.ts';
import type { Timeline } from '../scenario/timeline.ts';
import type { ConnectionOptions } from './connection-options.ts';
import type { Base64Cache, Scratch } from './encoder.ts';
import type { ConnectionMode, EndpointOptions, EndpointStatus } from './endpoint.ts';
import type { Failure } from './failure.ts';
import type { FaultSpec } from './faults/fault.ts';
import type { Histogram } from './histogram.ts';
import type { Pacer } from './pacer.ts';
import type { VideoOptions } from './pictures.ts';

export interface SessionOptions {
  readonly timeline: Timeline;
  readonly endpoints: readonly EndpointOptions[];
  /** Shared by all sessions of a process; its clock paces this one, whose tasks are a group of their own. */
  readonly pacer: Pacer;
  readonly ids: Ids;
  readonly recording: ResourceRef;
  readonly audioSeparate: ResourceRef;
  /** Video, for the endpoints that are subscribed to it; there is none without. */
  readonly video?: VideoOptions | undefined;
  /** `null` writes `bot: null`, undefined leaves the field out (recordings that no bot made). */
  readonly bot: ResourceRef | null | undefined;
  /** When the recording starts, in microseconds since the epoch: what `absolute` counts from. Undefined: when it begins. */
  readonly startMicros: number | undefined;
  readonly absoluteFormat: AbsoluteFormat;
  readonly mode: ConnectionMode;
  /** Frame lengths in milliseconds, repeated in turn. */
  readonly frameMs: readonly number[];
  readonly connection: Omit<ConnectionOptions, 'url' | 'headers'>;
  /** What goes wrong on purpose, beside what the timeline has of it. */
  readonly faults?: readonly FaultSpec[] | undefined;
  /** Unix seconds for signatures. */
  nowSeconds(): number;
  /** Every frame of every stream of audio when it falls due, sent or not: what a recording holds. Valid during the call only. */
  readonly onFrame?: ((participant: number, startSample: number, pcm: Int16Array) => void) | undefined;
  /** Asked at every unmute: whether the stream may go to the endpoints (a platform streams so many at a time). */
  readonly admits?: ((participant: number) => boolean) | undefined;
  readonly onEndpointStatus?: ((endpointIndex: number, status: EndpointStatus) => void) | undefined;
  /** One histogram for all streams, in place of one for each. */
  readonly lateness?: Histogram | undefined;
  /** Asked before every dial to an endpoint: why it is to fail without being made, or undefined. */
  readonly refusal?: ((endpointIndex: number) => Failure | undefined) | undefined;
  /** Something that this session runs has thrown: it has been aborted, and `play` rejects with the error. */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** Buffers shared with other sessions of the process. */
  readonly scratch?: Scratch | undefined;
  readonly cache?: Base64Cache | undefined;
}
