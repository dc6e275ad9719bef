/**
 * Speech that many meetings have: made once, by whoever reads it first and as far as it is read, and kept while there is room. Two
 * hundred bots that play the same scenario spent more time on their voices than on anything else.
 */
import type { AudioReader, AudioSource } from './source.ts';
import { speechSource } from './speech.ts';

export type MakeSpeech = typeof speechSource;

/** Half an hour: 64 MiB. */
const MAX_SAMPLES = 32 * 1024 * 1024;

/** As `speechSource`, with the samples of up to `maxSamples` of what was asked for last kept in memory. */
export function sharedSpeech(maxSamples = MAX_SAMPLES): MakeSpeech {
  /** Oldest first. */
  const kept = new Map<string, AudioSource>();
  let keptSamples = 0;
  return (options) => {
    const { seed, samples, voice } = options;
    if (samples > maxSamples) return speechSource(options);
    const key = JSON.stringify([seed, samples, voice]);
    const known = kept.get(key);
    const source = known ?? keptSource(speechSource(options));
    kept.delete(key);
    kept.set(key, source);
    if (known === undefined) keptSamples += samples;
    for (const [oldest, { samples: freed }] of kept) {
      if (keptSamples <= maxSamples) break;
      kept.delete(oldest);
      keptSamples -= freed;
    }
    return source;
  };
}

/** As `speechSource`, with the samples of the first `maxSamples` kept in memory: for what is sent, and then compared. */
export function keptSpeech(maxSamples = MAX_SAMPLES): MakeSpeech {
  let room = maxSamples;
  return (options) => {
    if (options.samples > room) return speechSource(options);
    room -= options.samples;
    return keptSource(speechSource(options));
  };
}

/** The same samples; each is made at most once, when it is read first, and kept as long as the source is. */
export function keptSource(source: AudioSource): AudioSource {
  const { samples } = source;
  let pcm: Int16Array | undefined;
  let reader: AudioReader | undefined;
  let made = 0;
  const readUntil = (end: number): Int16Array => {
    pcm ??= new Int16Array(samples);
    if (made >= end) return pcm;
    reader ??= source.open();
    reader.read(pcm.subarray(made, end));
    made = end;
    if (made === samples) reader.close();
    return pcm;
  };
  return {
    samples,
    open() {
      let position = 0;
      return {
        read(into) {
          const end = position + into.length;
          if (end > samples) throw new RangeError(`read past the end: ${end} of ${samples} samples`);
          into.set(readUntil(end).subarray(position, end));
          position = end;
        },
        close() {},
      };
    },
  };
}
