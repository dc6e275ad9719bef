/** MP3 by mpg123, which also leaves out what the encoder put before and behind the audio, where the file says how much. */
import { setImmediate } from 'node:timers/promises';
import { type Decoded, DecodedSamples, isTrap, MAX_ERRORS, quietly, undecodable } from './decoded.ts';

/** Decoded at once; others get their turn in between. */
const PIECE_BYTES = 16 * 1024;

/** `path` is for errors. Throws an `AudioError`: `audio_undecodable`, `audio_too_long`. */
export async function decodeMp3(bytes: Uint8Array, path: string, maxBytes: number): Promise<Decoded> {
  const { MPEGDecoder } = await import('mpg123-decoder');
  const decoder = new MPEGDecoder();
  await decoder.ready;
  const collected = new DecodedSamples(path, maxBytes);
  let sampleRate = 0;
  let errors = 0;
  let damage: string | undefined;
  try {
    for (let at = 0; at < bytes.length && errors < MAX_ERRORS; at += PIECE_BYTES) {
      const piece = quietly(() => decoder.decode(bytes.subarray(at, at + PIECE_BYTES)));
      errors += piece.errors.length;
      if (piece.samplesDecoded > 0) {
        if (sampleRate !== 0 && piece.sampleRate !== sampleRate) {
          damage = `its rate changes from ${sampleRate} to ${piece.sampleRate} Hz; the rest is not read`;
          break;
        }
        sampleRate = piece.sampleRate;
        collected.add(piece.channelData, piece.samplesDecoded);
      }
      await setImmediate();
    }
  } catch (error) {
    if (!isTrap(error)) throw error;
    damage = 'its decoder stopped';
  } finally {
    quietly(() => decoder.free());
  }
  if (collected.length === 0) throw undecodable(path, 'no MP3 audio is found in it');
  if (errors > 0) damage ??= 'parts of it are no MP3 audio';
  return { ...asHeard(collected.all()), sampleRate, damage };
}

/** mpg123 gives two channels of everything: of one channel twice the same. */
function asHeard(stereo: Int16Array): { readonly samples: Int16Array; readonly channels: number } {
  const left = new Int16Array(stereo.length / 2);
  for (let index = 0; index < left.length; index++) {
    if (stereo[2 * index] !== stereo[2 * index + 1]) return { samples: stereo, channels: 2 };
    left[index] = stereo[2 * index]!;
  }
  return { samples: left, channels: 1 };
}
