import { describe, expect, it } from 'vitest';
import { base64Of, samplesOf, sampleView } from '../../src/protocol/pcm.ts';

describe('samples of bytes', () => {
  it('gives memory of its own for what shares it with others, so that nobody takes one frame for another', () => {
    const frames = [0, 1].map((value) => Buffer.from(Buffer.alloc(320, value).toString('base64'), 'base64'));
    const [a, b] = frames.map(samplesOf);
    expect(a!.buffer).not.toBe(b!.buffer);
    expect([a![0], b![0]]).toEqual([0, 0x0101]);
  });

  it('views memory that belongs to the bytes alone, and copies what is not aligned', () => {
    const own = new Uint8Array([1, 0, 2, 0]);
    expect(samplesOf(own).buffer).toBe(own.buffer);
    const bytes = Uint8Array.of(9, 1, 0, 255, 255, 5);
    expect(sampleView(bytes.subarray(2, 4)).buffer).toBe(bytes.buffer);
    for (const read of [samplesOf, sampleView]) {
      expect(read(bytes.subarray(1, 6))).toEqual(Int16Array.of(1, -1));
      expect(read(new Uint8Array())).toHaveLength(0);
    }
  });

  it('come back as they were from the base64 of a message', () => {
    const pcm = Int16Array.of(7, -32_768, 32_767, 0).subarray(1);
    expect(samplesOf(Buffer.from(base64Of(pcm), 'base64'))).toEqual(pcm);
  });
});
