/** Ground truth of a timeline: who spoke when (RTTM), and the streams, mutes and utterances (JSON). */
import { SAMPLE_RATE } from '../protocol/pcm.ts';
import type { Timeline } from './timeline.ts';

/**
 * NIST RTTM, one `SPEAKER` line per utterance: `SPEAKER <file> 1 <onset s> <duration s> <NA> <NA> <speaker> <NA> <NA>`.
 * The speaker is the participant's id.
 */
export function toRttm(timeline: Timeline, file: string): string {
  return timeline.utterances
    .map(({ participant, startSample, endSample }) => {
      const onset = seconds(startSample).toFixed(3);
      const duration = seconds(endSample - startSample).toFixed(3);
      const { id } = timeline.participants[participant]!;
      return `SPEAKER ${file} 1 ${onset} ${duration} <NA> <NA> ${id} <NA> <NA>\n`;
    })
    .join('');
}

/** Times in seconds since the recording started; positions in samples at 16 kHz. */
export interface Truth {
  readonly duration_s: number;
  readonly sample_rate: number;
  readonly participants: readonly {
    readonly id: number;
    readonly name: string | null;
    /** Unmuted intervals: in the default mode one connection each. */
    readonly streams: readonly Interval[];
    /** What lies between them. */
    readonly mutes: readonly Interval[];
    readonly utterances: readonly (Interval & { readonly text: string | null })[];
  }[];
}

interface Interval {
  readonly start_s: number;
  readonly end_s: number;
  readonly start_sample: number;
  readonly end_sample: number;
}

export function toTruth(timeline: Timeline): Truth {
  return {
    duration_s: seconds(timeline.durationSamples),
    sample_rate: SAMPLE_RATE,
    participants: timeline.participants.map(({ id, name }, index) => {
      const streams = timeline.streams.filter(({ participant }) => participant === index);
      const mutes: Interval[] = [];
      let position = 0;
      for (const { startSample, endSample } of streams) {
        if (startSample > position) mutes.push(interval(position, startSample));
        position = endSample;
      }
      if (timeline.durationSamples > position) mutes.push(interval(position, timeline.durationSamples));
      return {
        id,
        name,
        streams: streams.map(({ startSample, endSample }) => interval(startSample, endSample)),
        mutes,
        utterances: timeline.utterances
          .filter(({ participant }) => participant === index)
          .map(({ startSample, endSample, text }) => ({
            ...interval(startSample, endSample),
            text: text ?? null,
          })),
      };
    }),
  };
}

function interval(startSample: number, endSample: number): Interval {
  return {
    start_s: seconds(startSample),
    end_s: seconds(endSample),
    start_sample: startSample,
    end_sample: endSample,
  };
}

function seconds(sample: number): number {
  return sample / SAMPLE_RATE;
}
