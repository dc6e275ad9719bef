/** Audio as tests have it: in their hands or in a file. */
import { openAudioFile } from '../audio/file.ts';
import { readAll } from '../audio/source.ts';
import { explainPcm } from '../check/oracle/explain.ts';
import { samplesOf } from '../protocol/pcm.ts';
import { type Difference, firstDifference } from './differences.ts';

/** Samples, or S16LE bytes. */
export type PcmLike = Int16Array | Uint8Array;

export interface ComparePcmOptions {
  /** The largest difference between two samples that is none; default 0. */
  readonly maxDiff?: number;
}

/**
 * Where two recordings differ first, or in their length, and then in words what is missing, out of place, twice or not what it
 * should be; undefined when they are the same.
 */
export function comparePcm(
  expected: PcmLike,
  actual: PcmLike,
  options: ComparePcmOptions = {},
): Difference | undefined {
  const [wanted, got] = [pcmOf(expected), pcmOf(actual)];
  const difference = firstDifference(wanted, got, options);
  // Words are of exact copies: where small differences are none, they would tell of those.
  if (difference === undefined || (options.maxDiff ?? 0) > 0) return difference;
  const words = explainPcm(wanted, got);
  return words.length === 0 ? difference : { ...difference, text: [difference.text, ...words].join('\n') };
}

/**
 * All samples of a WAV file (any rate, depth and number of channels) or of raw S16LE at 16 kHz, as mono at 16 kHz. Rejects with an
 * `AudioError` for what is not there or is no audio.
 */
export async function readWav(path: string): Promise<Int16Array> {
  return readAll(await openAudioFile(path));
}

function pcmOf(pcm: PcmLike): Int16Array {
  // By size: a runner's sandbox has classes of its own.
  return pcm.BYTES_PER_ELEMENT === 2 ? (pcm as Int16Array) : samplesOf(pcm as Uint8Array);
}
