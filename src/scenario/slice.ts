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
  const participants: Participant[] = [...timeline.participants];
  /** The last join and the last beginning of speech of each participant that nothing has ended. */
  const present = new Map<number, TimelineEvent>();
  const speaking = new Map<number, TimelineEvent>();
  for (const event of timeline.events) {
    if (event.sample >= fromSample) break;
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
  const already = [...present.values(), ...speaking.values()].map((event) => ({
    ...event,
    sample: 0,
    snapshot: participants[event.participant]!,
  }));
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
    videos: timeline.videos.flatMap((plan) => {
      const rest = videoFrom(plan, fromSample);
      if (rest === undefined) return [];
      return { ...rest, startSample: shift(rest.startSample), endSample: shift(rest.endSample) };
    }),
    events: [
      ...already,
      ...timeline.events
        .filter(({ sample }) => sample >= fromSample)
        .map((event) => ({ ...event, sample: shift(event.sample) })),
    ],
    utterances: timeline.utterances
      .filter(({ startSample }) => startSample >= fromSample)
      .map((utterance) => ({
        ...utterance,
        startSample: shift(utterance.startSample),
        endSample: shift(utterance.endSample),
      })),
  };
}
