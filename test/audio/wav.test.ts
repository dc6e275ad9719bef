import { readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import wavefile from 'wavefile';
import { openAudioFile } from '../../src/audio/file.ts';
import { rms } from '../../src/audio/level.ts';
import { readAll } from '../../src/audio/source.ts';
import { decodeWav, encodeWav } from '../../src/audio/wav.ts';
import { openWavWriter } from '../../src/audio/wav-writer.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'recall-emulator-'));
});
afterAll(() => rm(dir, { recursive: true }));

/** Half a second of 440 Hz at half scale, in any format, written by another program's code. */
function tone(rate: number, depth: string, channels: number): Uint8Array {
  const scale = depth === '32f' || depth === '64' ? 1 : 2 ** (Number(depth) - 1) - 1;
  const offset = depth === '8' ? 128 : 0;
  const channel = Array.from(
    { length: rate / 2 },
    (_, index) => Math.sin((2 * Math.PI * 440 * index) / rate) * 0.5 * scale + offset,
  );
  const wav = new wavefile.WaveFile();
  wav.fromScratch(
    channels,
    rate,
    depth,
    channels === 1 ? channel : Array.from({ length: channels }, () => channel),
  );
  return wav.toBuffer();
}

describe('decodeWav', () => {
  it.each([
    [16_000, '16', 1],
    [16_000, '8', 1],
    [44_100, '16', 2],
    [48_000, '24', 1],
    [8_000, '32', 1],
    [22_050, '32f', 2],
    [48_000, '64', 6],
    [96_000, '16', 1],
    [384_000, '32f', 1],
  ])(
    'reads %i Hz, %s bit, %i channels as mono 16 kHz of the same length and loudness',
    async (rate, depth, channels) => {
      const pcm = await decodeWav(tone(rate, depth, channels));
      expect(Math.abs(pcm.length - 8_000)).toBeLessThanOrEqual(1);
      // Half scale: 0.5 / √2, but for the filter's edges.
      expect(rms(pcm.subarray(800, 7_200))).toBeCloseTo(0.3535, 2);
      const expected = Math.sin((2 * Math.PI * 440 * 1_000) / 16_000) * 0.5;
      expect(pcm[1_000]! / 32_768).toBeCloseTo(expected, 1);
    },
  );

  it('converts in pieces as it would convert the whole: no seam in half a minute of a tone', async () => {
    const rate = 11_025;
    const pcm = new Int16Array(rate * 30).map((_, index) =>
      Math.round(Math.sin((2 * Math.PI * 440 * index) / rate) * 16_000),
    );
    const wav = new wavefile.WaveFile();
    wav.fromScratch(1, rate, '16', pcm);
    const converted = await decodeWav(wav.toBuffer());
    expect(converted.length).toBe(30 * 16_000);
    let worst = 0;
    for (let index = 800; index < converted.length - 800; index++) {
      const expected = Math.sin((2 * Math.PI * 440 * index) / 16_000) * 16_000;
      worst = Math.max(worst, Math.abs(converted[index]! - expected));
    }
    expect(worst).toBeLessThan(160);
  });

  it('finds the samples behind any amount of metadata', async () => {
    const wav = await encodeWav(Int16Array.of(5, 6));
    const junk = Buffer.alloc(8 + 100_000);
    junk.write('JUNK');
    junk.writeUInt32LE(100_000, 4);
    const path = join(dir, 'junk.wav');
    await writeFile(path, Buffer.concat([wav.subarray(0, 36), junk, wav.subarray(36)]));
    expect([...readAll(await openAudioFile(path))]).toEqual([5, 6]);
  });

  it('does not look for samples for ever', async () => {
    const chunks = Buffer.alloc(12 + 8 * 50_000);
    chunks.write('RIFF');
    chunks.write('WAVE', 8);
    await expect(decodeWav(chunks)).rejects.toThrow(expect.objectContaining({ code: 'wav_truncated' }));
  });

  it.each([
    [16_000, 1],
    [48_000, 2],
    [8_000, 1],
  ])('is written as the library writes it, at %i Hz with %i channels', async (sampleRate, channels) => {
    const samples = Int16Array.of(1, -2, 3, 32_767, -32_768, 0);
    const wav = new wavefile.WaveFile();
    wav.fromScratch(channels, sampleRate, '16', new Int16Array(0));
    const [header, bytes] = [Buffer.from(wav.toBuffer()), await encodeWav(samples, { sampleRate, channels })];
    header.writeUInt32LE(header.length - 8 + samples.byteLength, 4);
    header.writeUInt32LE(samples.byteLength, header.length - 4);
    expect(bytes).toEqual(Buffer.concat([header, Buffer.from(samples.buffer)]));
  });

  it('does not copy what is native', async () => {
    const bytes = await encodeWav(Int16Array.of(1, -2, 3));
    const pcm = await decodeWav(bytes);
    expect(pcm.buffer).toBe(bytes.buffer);
    expect([...pcm]).toEqual([1, -2, 3]);
  });

  it('mixes channels down to their mean', async () => {
    const wav = new wavefile.WaveFile();
    wav.fromScratch(2, 16_000, '16', [
      [1_000, 2_000],
      [3_000, -2_000],
    ]);
    expect([...(await decodeWav(wav.toBuffer()))]).toEqual([2_000, 0]);
  });

  it('finds the samples behind other chunks, and with a length that was never filled in', async () => {
    const wav = await encodeWav(Int16Array.of(5, 6));
    const list = Buffer.concat([Buffer.from('LIST'), Buffer.from([3, 0, 0, 0, 97, 98, 99, 0])]);
    const withList = Buffer.concat([wav.subarray(0, 36), list, wav.subarray(36)]);
    expect([...(await decodeWav(withList))]).toEqual([5, 6]);
    const streamed = Buffer.from(wav);
    streamed.writeUInt32LE(0xffff_ffff, 40);
    expect([...(await decodeWav(streamed))]).toEqual([5, 6]);
  });

  it.each<[string, string, () => Promise<Uint8Array>]>([
    ['not_a_wav', 'not a WAV file', async () => Buffer.from('ID3 this is an MP3 file')],
    ['wav_empty', 'is empty', async () => Buffer.alloc(0)],
    ['wav_empty', 'has no samples', async () => encodeWav(new Int16Array(0))],
    [
      'wav_truncated',
      'claims 200 bytes of samples and has 100',
      async () => (await encodeWav(new Int16Array(100))).subarray(0, 144),
    ],
    ['wav_compressed', 'A-law', async () => aLaw()],
  ])('says %s: %s', async (code, message, bytes) => {
    await expect(decodeWav(await bytes(), 'a.wav')).rejects.toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });
});

function aLaw(): Uint8Array {
  const wav = new wavefile.WaveFile(tone(8_000, '16', 1));
  wav.toALaw();
  return wav.toBuffer();
}

describe('openWavWriter', () => {
  it('puts any samples at their positions, silence between', async () => {
    const writes = fc.array(
      fc.record({ at: fc.nat({ max: 60_000 }), pcm: fc.int16Array({ minLength: 1, maxLength: 3_000 }) }),
      { minLength: 1, maxLength: 6 },
    );
    const path = join(dir, 'any.wav');
    await fc.assert(
      fc.asyncProperty(writes, async (parts) => {
        const writer = await openWavWriter(path);
        const expected = new Int16Array(Math.max(...parts.map(({ at, pcm }) => at + pcm.length)));
        for (const { at, pcm } of parts) {
          writer.write(at, pcm);
          expected.set(pcm, at);
        }
        writer.close();
        writer.close();
        expect(writer.samples).toBe(expected.length);
        expect((await readFile(path)).equals(await encodeWav(expected))).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('has a valid WAV on disk after every flush, and writes nothing without one', async () => {
    const path = join(dir, 'flushed.wav');
    const writer = await openWavWriter(path);
    const expected = new Int16Array(200_000).map((_, index) => index % 1_000);
    for (let at = 0; at < expected.length; at += 40_000) {
      writer.write(at, expected.subarray(at, at + 40_000));
      writer.flush();
      const whole = await encodeWav(expected.subarray(0, at + 40_000));
      expect((await readFile(path)).equals(whole)).toBe(true);
    }
    writer.close();
  });

  it('copies what it is given: the caller may use its array again', async () => {
    const path = join(dir, 'reused.wav');
    const writer = await openWavWriter(path);
    const scratch = Int16Array.of(1, 2);
    writer.write(0, scratch);
    scratch.set([3, 4]);
    writer.write(2, scratch);
    writer.close();
    expect([...(await decodeWav(await readFile(path)))]).toEqual([1, 2, 3, 4]);
  });

  it('refuses what no WAV can hold', async () => {
    const writer = await openWavWriter(join(dir, 'long.wav'));
    expect(() => writer.write(2 ** 31, Int16Array.of(1))).toThrow(
      expect.objectContaining({ code: 'wav_too_long' }),
    );
    writer.close();
  });
});

describe('openAudioFile', () => {
  it('reads long native files in pieces, the same as whole', async () => {
    const pcm = Int16Array.from({ length: 700_000 }, (_, index) => ((index * 7_919) % 65_536) - 32_768);
    const path = join(dir, 'long.wav');
    await writeFile(path, await encodeWav(pcm));
    const source = await openAudioFile(path);
    expect(source.pcm).toBeUndefined();
    expect(source.samples).toBe(pcm.length);
    // Comparing so many samples one by one takes the assertion library seconds.
    expect(Buffer.from(readAll(source).buffer).equals(Buffer.from(pcm.buffer))).toBe(true);
    const reader = source.open();
    for (const length of [1, 40_000, 3]) reader.read(new Int16Array(length));
    const part = new Int16Array(5);
    reader.read(part);
    expect(part).toEqual(pcm.subarray(40_004, 40_009));
    reader.close();
    expect(() => source.open().read(new Int16Array(700_001))).toThrow(RangeError);
  });

  it('reads raw files', async () => {
    const path = join(dir, 'a.pcm');
    await writeFile(path, Buffer.from(Int16Array.of(7, -8).buffer));
    expect([...readAll(await openAudioFile(path))]).toEqual([7, -8]);
  });

  it.each([
    ['nothing.wav', 'audio_not_found'],
    ['a.mp3', 'audio_unsupported_extension'],
    ['odd.raw', 'audio_odd_length'],
    ['empty.raw', 'wav_empty'],
    ['folder.wav', 'audio_unreadable'],
  ])('says what is wrong with %s: %s', async (name, code) => {
    await writeFile(join(dir, 'odd.raw'), 'odd');
    await writeFile(join(dir, 'empty.raw'), '');
    await import('node:fs/promises').then(({ mkdir }) => mkdir(join(dir, 'folder.wav'), { recursive: true }));
    await expect(openAudioFile(join(dir, name))).rejects.toThrow(expect.objectContaining({ code }));
  });

  it('keeps long converted audio out of memory, and leaves nothing behind', async () => {
    const temporary = await mkdtemp(join(dir, 'tmp-'));
    vi.stubEnv('TMPDIR', temporary);
    const path = join(dir, 'stereo.wav');
    // More than is kept in memory when it is converted: 4 MiB.
    const frames = 8_000 * 140;
    const pcm = new Int16Array(frames * 2).map((_, index) => (index % 200 < 100 ? 8_000 : -8_000));
    const wav = await encodeWav(pcm);
    wav.writeUInt16LE(2, 22);
    wav.writeUInt32LE(8_000, 24);
    wav.writeUInt16LE(4, 32);
    await writeFile(path, wav);
    const source = await openAudioFile(path);
    expect(source.pcm).toBeUndefined();
    expect(source.samples).toBe(frames * 2);
    const whole = await decodeWav(wav);
    // Two readers at once, each at its own place.
    const [first, second] = [source.open(), source.open()];
    const ahead = new Int16Array(100_000);
    first.read(ahead);
    expect(Buffer.from(readAll(source).buffer).equals(Buffer.from(whole.buffer))).toBe(true);
    const start = new Int16Array(100_000);
    second.read(start);
    expect(Buffer.from(start.buffer).equals(Buffer.from(ahead.buffer))).toBe(true);
    first.close();
    second.close();
    expect(readdirSync(temporary)).toEqual([]);
    vi.unstubAllEnvs();
  });
});
