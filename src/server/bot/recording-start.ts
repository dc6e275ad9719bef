/** When a recording starts on its own: `recording_config.start_recording_on`, read from the timeline. */
import { SAMPLE_RATE } from '../../protocol/pcm.ts';
import type { Timeline } from '../../scenario/timeline.ts';

export type StartRecordingOn = 'call_join' | 'participant_join' | 'participant_speak' | 'manual';

/** What the vendor's OpenAPI document has for a bot that does not say. */
export const DEFAULT_START: StartRecordingOn = 'participant_join';

/**
 * Seconds into the scenario at which recording starts; undefined for never. `manual` starts by command only. Without any event of
 * the kind that is waited for (a capture may have none) the first open microphone counts.
 */
export function startSeconds(timeline: Timeline, on: StartRecordingOn): number | undefined {
  if (on === 'call_join') return 0;
  if (on === 'manual') return undefined;
  const event = on === 'participant_join' ? 'participant_events.join' : 'participant_events.speech_on';
  const sample =
    timeline.events.find((each) => each.event === event)?.sample ?? timeline.streams[0]?.startSample;
  return sample === undefined ? undefined : sample / SAMPLE_RATE;
}

/** Seconds into the scenario at which the first participant is there; undefined for never. */
export function firstJoinSeconds(timeline: Timeline): number | undefined {
  return startSeconds(timeline, 'participant_join');
}
