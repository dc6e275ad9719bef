import { describe, expect, it } from 'vitest';
import { decodeMp3 } from '../../../src/audio/decode/mp3.ts';
import { MP3_FRAME_BYTES, Mp3Encoder } from '../../../src/audio/encode/mp3.ts';

/** A tone that rises and falls, so that a shift is seen. */
function tone(samples: number): Int16Array {
  return Int16Array.from({ length: samples }, (_, at) =>
    Math.round(8_000 * Math.sin(at * (0.05 + 0.03 * Math.sin(at / 3_000)))),
  );
}

async function encoded(pcm: Int16Array, piece: number): Promise<Buffer> {
  const encoder = await Mp3Encoder.create();
  const frames: Uint8Array[] = [];
  for (let at = 0; at < pcm.length; at += piece) frames.push(encoder.encode(pcm.subarray(at, at + piece)));
  frames.push(encoder.finish());
  return Buffer.concat([encoder.info(), ...frames]);
}

/** -1 to 1: 1 for the same sound. */
function likeness(a: Int16Array, b: Int16Array): number {
  let product = 0;
  let powerA = 0;
  let powerB = 0;
  for (let at = 0; at < a.length; at++) {
    product += a[at]! * b[at]!;
    powerA += a[at]! ** 2;
    powerB += b[at]! ** 2;
  }
  return product / Math.sqrt(powerA * powerB);
}

describe('MP3', () => {
  it.each([1, 575, 576, 16_000, 50_001])(
    'of %s samples is decoded to as many, at their places',
    async (samples) => {
      const pcm = tone(samples);
      const { samples: heard, sampleRate } = await decodeMp3(await encoded(pcm, 4_000), 'test', 1e9);
      expect([heard.length, sampleRate]).toEqual([samples, 16_000]);
      if (samples > 1_000) expect(likeness(pcm, heard)).toBeGreaterThan(0.98);
    },
  );

  it('has the same bytes however it is fed, in frames of one length', async () => {
    const pcm = tone(20_000);
    const whole = await encoded(pcm, 20_000);
    expect(whole.equals(await encoded(pcm, 333))).toBe(true);
    expect(whole.length % MP3_FRAME_BYTES).toBe(0);
  });
});
