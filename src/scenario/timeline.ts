/**
 * The timeline: a scenario compiled. Validated, sorted, with exact sample positions; pure data without a clock.
 * All positions are samples at 16 kHz since the recording started. Nothing here reads files or plays anything.
 */
import type { AudioSource } from '../audio/source.ts';
import type { Participant } from '../protocol/participant.ts';
import type { ParticipantEventName } from '../protocol/participant-events.ts';
import type { VideoType } from '../protocol/video-separate-png.ts';
import type { ScenarioFault } from './faults.ts';

/** A stretch of one participant's audio that comes from one source, taken from the source's first sample on. */
export interface Segment {
  readonly startSample: number;
  /** Exclusive. Never more than `startSample + source.samples`. */
  readonly endSample: number;
  readonly kind: 'speech' | 'silence';
  readonly source: AudioSource;
}

/** Who sends, and from when to when. */
export interface Interval {
  /** Index into `Timeline.participants`. */
  readonly participant: number;
  readonly startSample: number;
  /** Exclusive. */
  readonly endSample: number;
}

/**
 * One participant's audio in one unmuted interval; in the default mode exactly one WebSocket connection.
 * Segments are sorted and never overlap. Where they leave a gap nothing is sent (`silence: gap`).
 */
export interface StreamPlan {
  /** Index into `Timeline.participants`. */
  readonly participant: number;
  /** Position of the unmute. */
  readonly startSample: number;
  /** Position of the mute, leave or end of the meeting; exclusive. */
  readonly endSample: number;
  readonly segments: readonly Segment[];
  /**
   * `by_duration`: audio is cut into frames of the player's frame size, afresh after every gap.
   * `by_segment`: every segment is one frame (a replayed capture keeps its own frame sizes).
   */
  readonly framing: 'by_duration' | 'by_segment';
}

/** One participant's camera or shared screen while it is on: pictures twice a second from its beginning on. */
export interface VideoPlan {
  /** Index into `Timeline.participants`. */
  readonly participant: number;
  readonly type: VideoType;
  /** Position of the first picture. */
  readonly startSample: number;
  /** Position of the switching off, the leave or the end of the meeting; exclusive. */
  readonly endSample: number;
}

/** Something other than audio that happens in the meeting, as a `participant_events.*` message. */
export interface TimelineEvent {
  readonly sample: number;
  readonly event: ParticipantEventName;
  /** Index into `Timeline.participants`. */
  readonly participant: number;
  /** The participant as it is in this event (an `update` may change the name or add the email). */
  readonly snapshot: Participant;
  /** Only for `chat_message`. */
  readonly data: { readonly text: string; readonly to: string } | null;
}

/** Ground truth: who said what, when. */
export interface Utterance {
  readonly participant: number;
  readonly startSample: number;
  readonly endSample: number;
  readonly text: string | undefined;
}

export interface Timeline {
  readonly title: string | undefined;
  /** The events that `play` sends of it, unless it is told others; separate audio alone when left out. */
  readonly sends?: readonly string[] | undefined;
  /** Ids, generated audio and noise floors derive from it. */
  readonly seed: number;
  readonly durationSamples: number;
  /** Sorted as in the scenario; ids are unique. */
  readonly participants: readonly Participant[];
  /** Sorted by `startSample`, then participant. Streams of one participant never overlap. */
  readonly streams: readonly StreamPlan[];
  /** Sorted by `startSample`, then participant. Those of one participant and type never overlap. */
  readonly videos: readonly VideoPlan[];
  /** Sorted by `sample`. */
  readonly events: readonly TimelineEvent[];
  /** Sorted by `startSample`, then participant. */
  readonly utterances: readonly Utterance[];
  /** What goes wrong on purpose, as it is written. */
  readonly faults?: readonly ScenarioFault[] | undefined;
}

/** The order of streams, videos and utterances: the earlier, then the participant who comes first in the scenario. */
export function inOrder(a: Interval, b: Interval): number {
  return a.startSample - b.startSample || a.participant - b.participant;
}

/** The participant as the last update before the stream left it. */
export function participantAt(timeline: Timeline, plan: Interval): Participant {
  let participant = timeline.participants[plan.participant]!;
  for (const event of timeline.events) {
    if (event.sample > plan.startSample) break;
    if (event.participant === plan.participant && event.event === 'participant_events.update')
      participant = event.snapshot;
  }
  return participant;
}
