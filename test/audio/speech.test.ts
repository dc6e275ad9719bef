import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rms } from '../../src/audio/level.ts';
import { loopSource, noiseFloor, noiseSource, silenceSource, toneSource } from '../../src/audio/signals.ts';
import { type AudioSource, readAll } from '../../src/audio/source.ts';
import { speechSource, voiceFor } from '../../src/audio/speech.ts';
import { speechShare } from '../support/speech-share.ts';

describe('generated speech', () => {
  it.each([0, 1, 2, 3, 4, 5])('of voice %i is speech to a real voice activity detector', async (index) => {
    const pcm = readAll(speechSource({ seed: 10 + index, samples: 160_000, voice: voiceFor(7, index) }));
    expect(await speechShare(pcm, 2)).toBeGreaterThan(0.7);
  });

  it('is told from the noise floor and from silence', async () => {
    expect(await speechShare(readAll(loopSource(noiseFloor(1), 160_000)), 0)).toBeLessThan(0.05);
    expect(await speechShare(readAll(silenceSource(160_000)), 0)).toBeLessThan(0.05);
  });

  it('has another pitch for every participant', () => {
    const pitches = Array.from({ length: 50 }, (_, index) => voiceFor(3, index).pitchHz);
    expect(new Set(pitches.map((pitch) => pitch.toFixed(3))).size).toBe(50);
    for (const pitch of pitches) expect(pitch).toBeGreaterThanOrEqual(85);
    for (const pitch of pitches) expect(pitch).toBeLessThanOrEqual(255);
  });

  it('never clips, at any level', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat({ max: 20 }), (seed, index) => {
        const pcm = readAll(
          speechSource({ seed, samples: 16_000, voice: { ...voiceFor(seed, index), level: 1 } }),
        );
        for (const sample of pcm) if (Math.abs(sample) > 32_000) throw new Error(`${sample}`);
        expect(rms(pcm)).toBeGreaterThan(0.005);
      }),
      { numRuns: 30 },
    );
  });
});

describe('every source', () => {
  const sources: Record<string, (samples: number) => AudioSource> = {
    speech: (samples) => speechSource({ seed: 1, samples, voice: voiceFor(1, 0) }),
    tone: (samples) => toneSource({ hz: 440, samples }),
    noise: (samples) => noiseSource({ seed: 2, samples }),
    silence: silenceSource,
    loop: (samples) => loopSource(noiseFloor(3).subarray(0, 700), samples),
  };

  it.each(Object.keys(sources))('%s gives the same samples, however they are read', (name) => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 8 }), (chunks) => {
        const total = chunks.reduce((sum, chunk) => sum + chunk, 0);
        const source = sources[name]!(total);
        const pieces = new Int16Array(total);
        const reader = source.open();
        let at = 0;
        for (const chunk of chunks) {
          reader.read(pieces.subarray(at, at + chunk));
          at += chunk;
        }
        expect(pieces).toEqual(readAll(sources[name]!(total)));
        expect(() => reader.read(new Int16Array(1))).toThrow(RangeError);
      }),
      { numRuns: 50 },
    );
  });
});

describe('noiseFloor', () => {
  it('is near silence, never digital silence, and the same array for the same seed', () => {
    const pcm = noiseFloor(9);
    expect(noiseFloor(9)).toBe(pcm);
    expect(pcm.some((sample) => sample !== 0)).toBe(true);
    expect(20 * Math.log10(rms(pcm))).toBeLessThan(-65);
  });
});
