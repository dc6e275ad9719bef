/** The envelope of a real-time message: what happened, and the resources that it belongs to, in the documented order. */
import type { EventEntry } from './event.ts';
import type { ResourceRef } from './resource.ts';

/** What a real-time message says about where it comes from. */
export interface MessageRefs {
  readonly realtimeEndpoint: ResourceRef;
  /** The media object that the event belongs to; its field is the event's `artifact.ref`. */
  readonly artifact: ResourceRef;
  readonly recording: ResourceRef;
  /** Null, or left out, for recordings without a bot. */
  readonly bot?: ResourceRef | null | undefined;
}

/** `body` becomes `data.data`. */
export function realtimeMessage(
  { name, artifact: { ref } }: Pick<EventEntry, 'name' | 'artifact'>,
  body: object,
  { realtimeEndpoint, artifact, recording, bot }: MessageRefs,
): { readonly event: string; readonly data: Readonly<Record<string, unknown>> } {
  return {
    event: name,
    data: { data: body, realtime_endpoint: realtimeEndpoint, [ref]: artifact, recording, bot },
  };
}
