/** Parts of a timeline: what happens when a recording begins late, is paused, or somebody is muted before their time. */
import { offsetSource } from '../audio/source.ts';
import type { Participant } from '../protocol/participant.ts';
import type { Segment, StreamPlan, Timeline, TimelineEvent } from './timeline.ts';
import { videoFrom } from './video.ts';

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

/**
 * The rest of a meeting as a timeline of its own: `fromSample` becomes 0. Whoever is there by then joins at 0, and whoever is in
 * the middle of a sentence begins to speak at 0; their words are not heard whole and fall away. Who has left is still in `participants`.
 */
export function timelineFrom(timeline: Timeline, fromSample: number): Timeline {
  const { participants, underWay } = stateAt(timeline, fromSample);
  const shift = (sample: number): number => Math.max(0, sample - fromSample);
  const shifted = <T extends Span>(span: T): T => ({
    ...span,
    startSample: shift(span.startSample),
    endSample: shift(span.endSample),
  });
  return {
    ...timeline,
    participants,
    durationSamples: shift(timeline.durationSamples),
    streams: timeline.streams.flatMap((plan) => {
      const rest = streamFrom(plan, fromSample);
      return rest === undefined ? [] : { ...shifted(rest), segments: rest.segments.map(shifted) };
    }),
    videos: timeline.videos.flatMap((plan) => {
      const rest = videoFrom(plan, fromSample);
      return rest === undefined ? [] : shifted(rest);
    }),
    events: [
      ...underWay,
      ...timeline.events
        .filter(({ sample }) => sample >= fromSample)
        .map((event) => ({ ...event, sample: shift(event.sample) })),
    ],
    utterances: timeline.utterances.filter(({ startSample }) => startSample >= fromSample).map(shifted),
  };
}

interface Span {
  readonly startSample: number;
  readonly endSample: number;
}

/**
 * A meeting just before a position: the participants with all that was updated by then, and `underWay`, the joins and beginnings
 * of speech that nothing has ended, put at 0.
 */
function stateAt(
  timeline: Timeline,
  sample: number,
): { readonly participants: readonly Participant[]; readonly underWay: readonly TimelineEvent[] } {
  const participants: Participant[] = [...timeline.participants];
  const present = new Map<number, TimelineEvent>();
  const speaking = new Map<number, TimelineEvent>();
  for (const event of timeline.events) {
    if (event.sample >= sample) break;
    const { participant, snapshot } = event;
    switch (event.event) {
      case 'participant_events.update':
        participants[participant] = snapshot;
        break;
      case 'participant_events.join':
        present.set(participant, event);
        break;
      case 'participant_events.leave':
        present.delete(participant);
        speaking.delete(participant);
        break;
      case 'participant_events.speech_on':
        speaking.set(participant, event);
        break;
      case 'participant_events.speech_off':
        speaking.delete(participant);
        break;
    }
  }
  const underWay = [...present.values(), ...speaking.values()].map((event) => ({
    ...event,
    sample: 0,
    snapshot: participants[event.participant]!,
  }));
  return { participants, underWay };
}
