/** When each word of an utterance was said: words are spread over it by their length. */
import { SAMPLE_RATE } from '../audio/format.ts';
import type { TranscriptWord } from '../protocol/transcript.ts';
import type { Utterance } from './timeline.ts';

/** The words of an utterance in order, without gaps between them; none when it has no text. Seconds, to the sample. */
export function wordsOf(utterance: Utterance): readonly TranscriptWord[] {
  const texts = (utterance.text ?? '').split(/\s+/).filter((text) => text !== '');
  const { startSample, endSample } = utterance;
  // A word takes as long as its letters and the pause behind it.
  const total = texts.reduce((sum, text) => sum + text.length + 1, 0);
  const position = (weight: number): number =>
    (startSample + Math.round(((endSample - startSample) * weight) / total)) / SAMPLE_RATE;
  let weight = 0;
  return texts.map((text) => {
    const start = position(weight);
    weight += text.length + 1;
    return { text, start_timestamp: { relative: start }, end_timestamp: { relative: position(weight) } };
  });
}
