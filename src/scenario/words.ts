/** When each word of an utterance was said: words are spread over it by their length. */
import { SAMPLE_RATE } from '../protocol/pcm.ts';
import type { TranscriptWord, WordTimestamp } from '../protocol/transcript.ts';
import type { Utterance } from './timeline.ts';

/**
 * The words of an utterance in order, without gaps between them; none when it has no text. `relative` is in seconds, to the
 * sample. `absoluteOf` writes the ISO 8601 time of a sample position; without it the timestamps have no `absolute`.
 */
export function wordsOf(
  utterance: Utterance,
  absoluteOf?: (sample: number) => string,
): readonly TranscriptWord[] {
  const texts = (utterance.text ?? '').split(/\s+/).filter((text) => text !== '');
  const { startSample, endSample } = utterance;
  // A word takes as long as its letters and the pause behind it.
  const total = texts.reduce((sum, text) => sum + text.length + 1, 0);
  const timestampAt = (weight: number): WordTimestamp => {
    const sample = startSample + Math.round(((endSample - startSample) * weight) / total);
    const relative = sample / SAMPLE_RATE;
    return absoluteOf === undefined ? { relative } : { relative, absolute: absoluteOf(sample) };
  };
  let weight = 0;
  return texts.map((text) => {
    const start_timestamp = timestampAt(weight);
    weight += text.length + 1;
    return { text, start_timestamp, end_timestamp: timestampAt(weight) };
  });
}
