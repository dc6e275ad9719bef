import { describe, expect, it } from 'vitest';
import { MixedAudio } from '../../src/emulator/mix.ts';
import { makeSession } from '../support/session.ts';

interface Chunk {
  readonly startSample: number;
  readonly pcm: Int16Array;
}

describe('the mix', () => {
  async function mixOf(frames: readonly Chunk[], pause?: [number, number]) {
    const chunks: Chunk[] = [];
    const session = await makeSession({ duration: 60, participants: [{ id: 100 }], timeline: [] });
    const mix = new MixedAudio({
      session,
      frameMs: 200,
      onChunk: (startSample, pcm) => chunks.push({ startSample, pcm: pcm.slice() }),
    });
    for (const { startSample, pcm } of frames) mix.add(startSample, pcm);
    if (pause !== undefined) {
      mix.pause(pause[0]);
      mix.resume(pause[1]);
    }
    return { mix, chunks };
  }
  const frame = (startSample: number, samples: number): Chunk => ({
    startSample,
    pcm: new Int16Array(samples).fill(7),
  });

  it('counts what comes too late for it', async () => {
    const { mix, chunks } = await mixOf([frame(0, 3_200)]);
    mix.mixUntil(3_200);
    mix.add(1_600, new Int16Array(3_200).fill(5));
    mix.mixUntil(6_400);
    expect(mix.leftOutSamples).toBe(1_600);
    expect(chunks[1]!.pcm[0]).toBe(5);
  });

  it('takes audio from before a pause when it has been resumed already', async () => {
    const { mix, chunks } = await mixOf([frame(1_000, 1_000), frame(5_000, 1_400)], [2_000, 5_000]);
    mix.add(0, new Int16Array(1_000).fill(3));
    mix.mixUntil(6_400);
    expect(mix.leftOutSamples).toBe(0);
    expect(chunks.map(({ startSample, pcm }) => [startSample, pcm.length])).toEqual([
      [0, 2_000],
      [5_000, 1_400],
    ]);
    expect([chunks[0]!.pcm[0], chunks[0]!.pcm[1_999], chunks[1]!.pcm[0]]).toEqual([3, 7, 7]);
  });

  it('takes audio that is seconds ahead of it', async () => {
    const { mix, chunks } = await mixOf([frame(0, 16_000), frame(320_000, 16_000)]);
    mix.mixUntil(336_000);
    expect(mix.leftOutSamples).toBe(0);
    expect(chunks.at(-1)!.pcm.at(-1)).toBe(7);
    expect(chunks[50]!.pcm[0]).toBe(0);
  });
});
