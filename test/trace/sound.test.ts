import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAdpcm, encodeAdpcm } from '../../src/trace/adpcm.ts';
import { halved, type SoundBlock, SoundTracks } from '../../src/trace/sound.ts';
import { likeness } from '../support/trace-file.ts';

function tone(hertz: number, samples: number, amplitude = 10_000, rate = 16_000): Int16Array {
  return Int16Array.from(
    { length: samples },
    (_, at) => amplitude * Math.sin((2 * Math.PI * hertz * at) / rate),
  );
}

/** What the tracks make of audio that comes in frames of so many samples. */
function blocksOf(pcm: Int16Array, frame = 1_600): SoundBlock[] {
  const blocks: SoundBlock[] = [];
  const tracks = new SoundTracks((block) => blocks.push(block));
  for (let at = 0; at < pcm.length; at += frame) tracks.add(0, at, pcm.subarray(at, at + frame));
  tracks.finish();
  return blocks;
}

describe('ADPCM', () => {
  it('sounds as what went in', () => {
    for (const hertz of [100, 440, 1_000, 3_000]) {
      const pcm = tone(hertz, 16_000);
      expect(likeness(pcm, decodeAdpcm(encodeAdpcm(pcm), pcm.length)), `${hertz} Hz`).toBeGreaterThan(0.99);
    }
  });

  it('has four bits a sample, and as many samples as it was given', () => {
    fc.assert(
      fc.property(fc.int16Array({ maxLength: 400 }), (pcm) => {
        const bytes = encodeAdpcm(pcm);
        expect(bytes.length).toBe(pcm.length === 0 ? 0 : 3 + Math.ceil(pcm.length / 2));
        expect(decodeAdpcm(bytes, pcm.length)).toHaveLength(pcm.length);
      }),
    );
  });

  it('is silence where bytes are missing, and nothing worse', () => {
    expect(decodeAdpcm(new Uint8Array([1]), 4)).toEqual(new Int16Array(4));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
        expect(decodeAdpcm(bytes, 200)).toHaveLength(200);
      }),
    );
  });
});

describe('the sound of a trace', () => {
  it('stands where it was sent, and silence takes no room', () => {
    const pcm = new Int16Array(16_000 * 6);
    pcm.set(tone(440, 16_000), 16_000);
    pcm.set(tone(880, 16_000), 64_000);
    const blocks = blocksOf(pcm);
    expect(blocks.map(({ startSample }) => startSample)).toEqual([16_000, 64_000]);
    for (const { startSample, samples, rate, bytes } of blocks) {
      expect(rate).toBe(16_000);
      expect(samples).toBeLessThan(16_000 * 1.5);
      expect(
        likeness(pcm.subarray(startSample, startSample + samples), decodeAdpcm(bytes, samples)),
      ).toBeGreaterThan(0.99);
    }
  });

  it('loses nothing at the edges of blocks and of frames, whatever their lengths', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 160, max: 16_000 }),
        fc.integer({ min: 1, max: 11 * 16_000 }),
        (frame, length) => {
          const blocks = blocksOf(tone(300, length), frame);
          let at = 0;
          for (const { startSample, samples } of blocks) {
            expect(startSample).toBe(at);
            at += samples;
          }
          // A frame that begins at a zero and is very short may be silent.
          if (length > 100) expect(at).toBe(length);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('begins anew after a gap', () => {
    const blocks: SoundBlock[] = [];
    const tracks = new SoundTracks((block) => blocks.push(block));
    tracks.add(3, 0, tone(440, 1_600));
    tracks.add(3, 8_000, tone(440, 1_600));
    tracks.end(3);
    expect(
      blocks.map(({ participant, startSample, samples }) => [participant, startSample, samples]),
    ).toEqual([
      [3, 0, 1_600],
      [3, 8_000, 1_600],
    ]);
  });

  it('is halved when there is much of it, and ends before the file is too large', () => {
    const pcm = tone(440, 16_000 * 60);
    const blocks: SoundBlock[] = [];
    const tracks = new SoundTracks(
      (block) => blocks.push(block),
      { bytes: 0 },
      { wholeBytes: 40_000, bytes: 100_000 },
    );
    for (let at = 0; at < pcm.length; at += 1_600) tracks.add(0, at, pcm.subarray(at, at + 1_600));
    tracks.finish();
    expect(new Set(blocks.map(({ rate }) => rate))).toEqual(new Set([16_000, 8_000]));
    const total = blocks.reduce((sum, { bytes }) => sum + bytes.length, 0);
    expect(total).toBeLessThanOrEqual(100_000);
    const last = blocks.at(-1)!;
    expect(tracks.endSample).toBe(last.startSample + last.samples);
    expect(
      likeness(tone(440, last.samples / 2, 10_000, 8_000), decodeAdpcm(last.bytes, last.samples / 2)),
    ).toBeGreaterThan(0.98);
  });

  it('is halved without what 8 kHz cannot hold, and nothing moves', () => {
    expect(likeness(halved(tone(1_000, 8_000)), tone(1_000, 4_000, 10_000, 8_000))).toBeGreaterThan(0.999);
    const above = halved(tone(6_500, 8_000)).subarray(100, -100);
    expect(Math.max(...above.map(Math.abs))).toBeLessThan(200);
  });
});
