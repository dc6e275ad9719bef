/** What a participant sends over a whole meeting, as samples at their positions. For meetings that fit into memory. */
import type { Timeline } from './timeline.ts';

/** From the start of the recording to the participant's last segment; zeros where they send nothing. */
export function participantAudio(timeline: Timeline, participant: number): Int16Array {
  const segments = timeline.streams
    .filter((plan) => plan.participant === participant)
    .flatMap((plan) => plan.segments);
  const end = segments.reduce((last, { endSample }) => Math.max(last, endSample), 0);
  const audio = new Int16Array(end);
  for (const { source, startSample, endSample } of segments) {
    const reader = source.open();
    reader.read(audio.subarray(startSample, endSample));
    reader.close();
  }
  return audio;
}
