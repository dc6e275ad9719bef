/** What decoders give back as a source of a meeting: mono, 16 kHz, in memory. */
import { AudioError } from '../../errors.ts';
import { BYTES_PER_SAMPLE } from '../../protocol/pcm.ts';
import { type AudioSource, pcmSource } from '../source.ts';
import { nativePcm } from '../wav.ts';
import { decodeMp3 } from './mp3.ts';

/** Decoded, at its own rate: a quarter of an hour in CD quality, or an hour and a half of speech. */
const MAX_BYTES = 160 * 1024 * 1024;

/** Bytes of an MP3. `name` is for errors. Throws an `AudioError`: `audio_undecodable`, `audio_too_long`. */
export async function mp3Source(bytes: Uint8Array, name: string): Promise<AudioSource> {
  const { samples, sampleRate, channels, damage } = await decodeMp3(bytes, name, MAX_BYTES);
  if (damage !== undefined)
    throw new AudioError('audio_undecodable', `${name} cannot be decoded: ${damage}.`, {
      hint: 'Play it in another program: is it whole?',
    });
  const raw = Buffer.from(samples.buffer, samples.byteOffset, samples.length * BYTES_PER_SAMPLE);
  const layout = {
    encoding: 'int' as const,
    channels,
    sampleRate,
    bitsPerSample: 8 * BYTES_PER_SAMPLE,
    dataOffset: 0,
    dataBytes: raw.length,
  };
  return pcmSource(await nativePcm(layout, (at, length) => raw.subarray(at, at + length), name));
}
