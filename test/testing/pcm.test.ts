import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { AudioError } from '../../src/errors.ts';
import { comparePcm, readWav } from '../../src/testing/index.ts';

const pcm = Int16Array.of(1, -2, 300);

describe('comparePcm', () => {
  it('takes samples and bytes, also of another realm, and tells the first difference', () => {
    const bytes = Buffer.from(pcm.buffer);
    const foreign = runInNewContext('Int16Array.from(pcm)', { pcm }) as Int16Array;
    for (const same of [pcm, bytes, new Uint8Array(bytes), foreign])
      expect(comparePcm(pcm, same)).toBeUndefined();
    expect(comparePcm(pcm, Int16Array.of(1, -3, 300))).toMatchObject({ sample: 1 });
    expect(comparePcm(pcm, Int16Array.of(1, -3, 300), { maxDiff: 1 })).toBeUndefined();
    expect(comparePcm(pcm, pcm.subarray(0, 2))!.text).toContain('2 samples');
  });
});

describe('readWav', () => {
  it('reads speech of the fixtures, raw audio, and says what is wrong with anything else', async () => {
    const speech = await readWav('fixtures/speech/100-1.wav');
    expect(speech.some((sample) => Math.abs(sample) > 1_000)).toBe(true);
    const dir = await mkdtemp(join(tmpdir(), 'recall-emulator-pcm-'));
    try {
      await writeFile(join(dir, 'raw.pcm'), Buffer.from(pcm.buffer));
      expect(await readWav(join(dir, 'raw.pcm'))).toEqual(pcm);
      await expect(readWav(join(dir, 'none.wav'))).rejects.toThrow(AudioError);
    } finally {
      await rm(dir, { recursive: true });
    }
  });
});
