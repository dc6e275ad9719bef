/** Parts of a timeline: what happens when a recording begins late, is paused, or somebody is muted before their time. */
import { offsetSource } from '../audio/source.ts';
import type { Participant } from '../protocol/participant.ts';
import type { Segment, StreamPlan, Timeline } from './timeline.ts';

/** The segments between two positions; those that reach over an edge are cut there. */
export function sliceSegments(
  segments: readonly Segment[],
  fromSample: number,
  toSample: number,
): readonly Segment[] {
  return segments
    .filter(({ startSample, endSample }) => endSample > fromSample && startSample < toSample)
    .map((segment) => {
      const startSample = Math.max(segment.startSample, fromSample);
      const endSample = Math.min(segment.endSample, toSample);
      if (startSample === segment.startSample) return { ...segment, endSample };
      return {
        ...segment,
        startSample,
        endSample,
        source: offsetSource(segment.source, startSample - segment.startSample),
      };
    });
}

/** The part of a stream from a position on, or undefined when it is over by then. */
export function streamFrom(plan: StreamPlan, fromSample: number): StreamPlan | undefined {
  if (plan.endSample <= fromSample) return undefined;
  if (plan.startSample >= fromSample) return plan;
  return {
    ...plan,
    startSample: fromSample,
    segments: sliceSegments(plan.segments, fromSample, plan.endSample),
  };
}

/** The rest of a meeting as a timeline of its own: `fromSample` becomes 0. Who has left by then is still in `participants`. */
export function timelineFrom(timeline: Timeline, fromSample: number): Timeline {
  const participants: Participant[] = [...timeline.participants];
  for (const event of timeline.events) {
    if (event.sample < fromSample && event.event === 'participant_events.update')
      participants[event.participant] = event.snapshot;
  }
  const shift = (sample: number): number => Math.max(0, sample - fromSample);
  return {
    ...timeline,
    participants,
    durationSamples: shift(timeline.durationSamples),
    streams: timeline.streams.flatMap((plan) => {
      const rest = streamFrom(plan, fromSample);
      if (rest === undefined) return [];
      return {
        ...rest,
        startSample: shift(rest.startSample),
        endSample: shift(rest.endSample),
        segments: rest.segments.map((segment) => ({
          ...segment,
          startSample: shift(segment.startSample),
          endSample: shift(segment.endSample),
        })),
      };
    }),
    events: timeline.events
      .filter(({ sample }) => sample >= fromSample)
      .map((event) => ({ ...event, sample: shift(event.sample) })),
    utterances: timeline.utterances
      .filter(({ startSample }) => startSample >= fromSample)
      .map((utterance) => ({
        ...utterance,
        startSample: shift(utterance.startSample),
        endSample: shift(utterance.endSample),
      })),
  };
}
