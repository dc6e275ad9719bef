/** The meeting of a load test: everybody talks all the time, from one piece of audio that all streams share. */
import { pcmSource, readAll } from '../audio/source.ts';
import { speechSource, voiceFor } from '../audio/speech.ts';
import { SAMPLE_RATE } from '../protocol/pcm.ts';
import type { Segment, StreamPlan, Timeline } from '../scenario/timeline.ts';

/** As long as memory is cheap and speech does not repeat too soon; a whole number of frames of any usual length. */
const LOOP_SECONDS = 12;
const FIRST_ID = 100;

/** `participants` unmuted from the first moment to the last. */
export function loadTimeline(participants: number, durationSeconds: number, seed: number): Timeline {
  const samples = LOOP_SECONDS * SAMPLE_RATE;
  const source = pcmSource(readAll(speechSource({ seed, samples, voice: voiceFor(seed, 0) })));
  const durationSamples = Math.round(durationSeconds * SAMPLE_RATE);
  const segments: Segment[] = [];
  for (let start = 0; start < durationSamples; start += samples) {
    const endSample = Math.min(start + samples, durationSamples);
    segments.push({ startSample: start, endSample, kind: 'speech', source });
  }
  return {
    title: 'Load',
    seed,
    durationSamples,
    participants: Array.from({ length: participants }, (_, index) => ({
      id: FIRST_ID * (index + 1),
      name: `Participant ${index + 1}`,
      is_host: index === 0,
      platform: 'desktop',
      extra_data: {},
    })),
    streams: Array.from(
      { length: participants },
      (_, participant): StreamPlan => ({
        participant,
        startSample: 0,
        endSample: durationSamples,
        segments,
        framing: 'by_duration',
      }),
    ),
    videos: [],
    events: [],
    utterances: [],
  };
}
