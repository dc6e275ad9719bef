import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { encodeWav } from '../../../src/audio/wav.ts';
import { judgeFile } from '../../../src/check/oracle/judge.ts';
import { readKept } from '../../../src/check/oracle/kept-file.ts';
import { locator } from '../../../src/check/oracle/locate.ts';
import { judgeMix } from '../../../src/check/oracle/mix.ts';
import { sentOf } from '../../../src/check/oracle/sent.ts';
import { AudioError } from '../../../src/errors.ts';
import { encodeByFfmpeg, HAS_FFMPEG } from '../../support/ffmpeg.ts';
import { RATE, timelineOf } from './meetings.ts';

/** Two seconds each; the samples are Ada's, as ffmpeg encodes them. */
const sent = sentOf(timelineOf([[{ muted: 0, length: 2 * RATE }], [{ muted: 0, length: 2 * RATE }]]));
const oracle = locator(sent);
const ada = sent.tracks[0]!.pcm;
const mp3 = readFileSync('test/check/oracle/samples/ada.mp3');
const opus = readFileSync('test/check/oracle/samples/ada.opus');

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kept-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

function file(name: string, bytes: Uint8Array): string {
  writeFileSync(join(dir, name), bytes);
  return join(dir, name);
}

async function told(path: string): Promise<string[]> {
  const audio = await readKept(path);
  const { findings } = judgeFile({ file: 'x', participant: 100, audio }, oracle, 0);
  return findings.map(({ severity, code, text }) => `${severity} ${code}: ${text}`);
}

const LOSSY = 'note lossy: lossy: not the very samples that were sent, but alike';

/** Every page of an Ogg file, with its bytes. */
function pagesOf(ogg: Buffer): Buffer[] {
  const starts: number[] = [];
  for (let at = ogg.indexOf('OggS'); at !== -1; at = ogg.indexOf('OggS', at + 1)) starts.push(at);
  return starts.map((start, index) => ogg.subarray(start, starts[index + 1]));
}

describe('readKept', () => {
  it('reads MP3 and Ogg Opus without what their encoders put around the audio', async () => {
    for (const path of [file('a.mp3', mp3), file('a.opus', opus)]) {
      expect(await readKept(path)).toMatchObject({ sampleRate: RATE, channels: 1, remarks: [] });
      expect((await readKept(path)).samples).toHaveLength(2 * RATE);
      expect(await told(path)).toEqual([LOSSY]);
    }
  });

  it('makes copies that are found again behind every pause, though a codec of few bits spoils those', async () => {
    const talk = sentOf(timelineOf([[{ muted: 0, length: 3.5 * RATE }]], 4));
    const audio = await readKept('test/check/oracle/samples/pauses.opus');
    const { findings } = judgeFile({ file: 'pauses.opus', audio }, locator(talk), 0);
    expect(findings.map(({ code }) => code)).toEqual(['lossy']);
  });

  it('goes by what is in a file, and says when its name says something else', async () => {
    expect(await told(file('a.wav', mp3))).toEqual([
      LOSSY,
      'note misnamed: x is MP3, whatever its name says',
    ]);
    expect(await told(file('a.pcm', await encodeWav(ada)))).toEqual([
      'note misnamed: x is WAV, whatever its name says',
    ]);
    expect(await told(file('a.mp3', opus))).toContain('note misnamed: x is Ogg Opus, whatever its name says');
  });

  it('takes no raw samples for MP3, though they begin like it', async () => {
    const samples = Int16Array.from(ada);
    samples[0] = -1_025;
    const bytes = Buffer.from(samples.buffer);
    expect([...bytes.subarray(0, 2)]).toEqual([0xff, 0xfb]);
    expect((await readKept(file('a.raw', bytes))).samples).toEqual(samples);
  });

  it('reads a WAV as far as it goes, and says so', async () => {
    const wav = (await encodeWav(ada)).subarray(0, 44 + RATE * 2 + 1);
    expect(await told(file('a.wav', wav))).toEqual([
      'error missing: missing 1.0–2.0 s',
      'warning incomplete: x is read as far as it can be: it claims 64000 bytes of samples and has 32001',
    ]);
  });

  it('reads Ogg Opus that is cut off, that lacks pages, or that is damaged, and says so', async () => {
    const remark = async (bytes: Uint8Array) => (await readKept(file('a.ogg', bytes))).remarks;
    const because = (why: string) => [{ code: 'incomplete', text: `is read as far as it can be: ${why}` }];
    const pages = pagesOf(opus);
    expect(pages.length).toBeGreaterThan(3);
    expect(await remark(opus.subarray(0, -100))).toEqual(because('it is cut off or damaged'));
    expect(await remark(Buffer.concat([...pages.slice(0, 2), ...pages.slice(3)]))).toEqual(
      because('pages are missing in it'),
    );
    expect(await remark(Buffer.concat([...pages.slice(0, 3), Buffer.alloc(50), ...pages.slice(3)]))).toEqual(
      because('it is cut off or damaged'),
    );
    const other = Buffer.from(pages.at(-1)!);
    other.writeUInt32LE(12_345, 14);
    expect(await remark(Buffer.concat([opus, other]))).toEqual(
      because('it holds further streams, which are not read'),
    );
  });

  it('reads MP3 with something else in between, and says so', async () => {
    const printed = vi.spyOn(console, 'error');
    const middle = mp3.length >> 1;
    const bytes = Buffer.concat([mp3.subarray(0, middle), Buffer.alloc(20_000, 7), mp3.subarray(middle)]);
    expect(await told(file('a.mp3', bytes))).toContain(
      'warning incomplete: x is read as far as it can be: parts of it are no MP3 audio',
    );
    expect(printed).not.toHaveBeenCalled();
  });

  it('says what holds no audio at all', async () => {
    await expect(readKept(file('a.mp3', Buffer.alloc(5_000, 1)))).rejects.toMatchObject({
      code: 'audio_undecodable',
      message: expect.stringContaining('a.mp3 cannot be decoded: no MP3 audio is found in it.'),
    });
    await expect(readKept(file('a.opus', opus.subarray(0, 40)))).rejects.toMatchObject({
      code: 'audio_undecodable',
      message: expect.stringContaining('its Opus header is damaged'),
    });
    await expect(readKept(file('a.txt', Buffer.from('hello')))).rejects.toMatchObject({
      code: 'audio_unsupported_extension',
    });
    for (const name of ['a.wav', 'a.mp3', 'a.flac'])
      expect((await readKept(file(name, new Uint8Array(0)))).samples).toHaveLength(0);
  });

  it('says of a mix, too, that it cannot be read to its end', async () => {
    const wav = (await encodeWav(ada)).subarray(0, 44 + RATE * 3);
    expect(judgeMix(await readKept(file('mix.wav', wav)), sent)).toContainEqual(
      expect.objectContaining({ code: 'incomplete', severity: 'warning' }),
    );
  });

  it('reads whatever has been done to a file, or says in one sentence why not', async () => {
    const printed = vi.spyOn(console, 'error');
    const wav = await encodeWav(ada.subarray(0, 4_000));
    const change = fc.tuple(fc.nat({ max: 7_000 }), fc.uint8Array({ minLength: 1, maxLength: 60 }));
    const edits = fc.array(change, { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(mp3, opus, wav), edits, fc.nat(7_000), async (whole, changes, end) => {
        const bytes = Buffer.from(whole.subarray(0, Math.max(10, end)));
        for (const [at, piece] of changes)
          bytes.set(piece.subarray(0, bytes.length - (at % bytes.length)), at % bytes.length);
        try {
          const { samples } = await readKept(file('a.mp3', bytes));
          expect(samples.length).toBeLessThan(60 * RATE * 2);
        } catch (error) {
          expect(error).toBeInstanceOf(AudioError);
          expect((error as AudioError).hint).toBeDefined();
        }
      }),
      { numRuns: 150 },
    );
    expect(printed).not.toHaveBeenCalled();
  });

  it('names ffmpeg where it is needed and not installed', async () => {
    vi.stubEnv('PATH', dir);
    await expect(readKept(file('a.wav', Buffer.from('fLaC and so on')))).rejects.toMatchObject({
      code: 'audio_needs_ffmpeg',
      message: expect.stringContaining('a.wav is FLAC, and ffmpeg, which reads it, is not installed.'),
      hint: 'Install ffmpeg, or keep audio as WAV, raw samples, MP3 or Ogg Opus.',
    });
  });
});

describe.skipIf(!HAS_FFMPEG)('readKept, with ffmpeg', () => {
  const COPIES = ['a.flac', 'a.aiff', 'a.caf', 'a.au', 'a.mka'];
  const OTHERS: readonly (readonly string[])[] = [
    ['a.m4a'],
    ['a.aac'],
    ['a.webm', '-c:a', 'libopus'],
    ['a.ogg', '-c:a', 'libvorbis'],
    ['a.mp3', '-ar', '44100', '-b:a', '48k'],
    ['a.opus', '-c:a', 'libopus', '-b:a', '12k'],
    ['a.wav', '-c:a', 'pcm_mulaw', '-ar', '8000'],
  ];

  it.each(COPIES)('finds every sample in %s', async (name) => {
    encodeByFfmpeg(
      file('ada.wav', await encodeWav(ada)),
      join(dir, name),
      '-c:a',
      name === 'a.flac' ? 'flac' : name === 'a.caf' ? 'pcm_s16le' : 'pcm_s16be',
    );
    expect((await readKept(join(dir, name))).samples).toEqual(ada);
  });

  it.each(OTHERS)('finds nothing wrong in %s', async (name, ...options) => {
    encodeByFfmpeg(file('ada.wav', await encodeWav(ada)), join(dir, name!), ...options);
    expect((await told(join(dir, name!))).filter((line) => !line.startsWith('note'))).toEqual([]);
  });

  it('reads FLAC as far as it goes, and says so', async () => {
    encodeByFfmpeg(file('ada.wav', await encodeWav(ada)), join(dir, 'whole.flac'));
    const whole = readFileSync(join(dir, 'whole.flac'));
    const { samples, remarks } = await readKept(file('half.flac', whole.subarray(0, whole.length >> 1)));
    expect(samples.length).toBeGreaterThan(RATE / 2);
    expect(ada.subarray(0, RATE / 2)).toEqual(samples.subarray(0, RATE / 2));
    expect(remarks).toEqual([
      { code: 'incomplete', text: expect.stringMatching(/^is read as far as it can be: ffmpeg says: /) },
    ]);
  });

  it('follows no playlist to another file', async () => {
    encodeByFfmpeg(file('ada.wav', await encodeWav(ada)), join(dir, 'other.aac'));
    const list = `#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n${join(dir, 'other.aac')}\n#EXT-X-ENDLIST\n`;
    await expect(readKept(file('a.m4a', Buffer.from(list)))).rejects.toMatchObject({
      code: 'audio_undecodable',
    });
  });
});
