/** MP3 and MP4 files of recordings, downloaded and read by other people's readers. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from 'mediabunny';
import { describe, expect, it } from 'vitest';
import { decodeMp3 } from '../../../src/audio/decode/mp3.ts';
import { meeting } from '../../../src/scenario/builder.ts';
import { type Client, NO_DELAYS, withHooks, withServer } from '../../support/mock.ts';

const TALK = meeting({ title: 'Stand-up', duration: 6 })
  .participant({ id: 100, name: 'Ada' }, (ada) =>
    ada.unmute(0).webcam(1, true).speak(0.5, { duration: 2, text: 'One two three four.' }).webcam(3, false),
  )
  .participant({ id: 200, name: 'Bo' }, (bo) =>
    bo.unmute(1).webcam(4, true).speak(3.5, { duration: 1.5, text: 'Five six seven.' }),
  )
  .build();

const bytesOf = async (url: string, headers: Record<string, string> = {}) => {
  const response = await fetch(url, { headers });
  return { response, bytes: Buffer.from(await response.arrayBuffer()) };
};

async function recorded(client: Client, recording_config: object) {
  const id = await client.bot({ recording_config });
  const { recordings } = await client.until(id, 'done');
  return recordings[0].media_shortcuts;
}

/** -1 to 1: 1 for the same sound. */
function likeness(a: Int16Array, b: Int16Array): number {
  const sum = (x: Int16Array, y: Int16Array): number =>
    x.reduce((total, sample, at) => total + sample * (y[at] ?? 0), 0);
  return sum(a, b) / Math.sqrt(sum(a, a) * sum(b, b));
}

const pcmOf = (bytes: Buffer): Int16Array =>
  new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));

/** What a reader of MP4 says. */
async function tracksOf(bytes: Buffer) {
  const input = new Input({ formats: ALL_FORMATS, source: new BufferSource(bytes) });
  const tracks = await input.getTracks();
  return Promise.all(
    tracks.map(async (track) => {
      const frames: Uint8Array[] = [];
      for await (const packet of new EncodedPacketSink(track).packets()) frames.push(packet.data);
      return {
        codec: await track.getCodec(),
        seconds: await track.computeDuration(),
        frames,
      };
    }),
  );
}

const ffmpeg = spawnSync('ffmpeg', ['-version']).status === 0;
if (!ffmpeg) console.log('films are not decoded: there is no ffmpeg');

describe('the mix as MP3', () => {
  it('is as long as the mix, and sounds like it', async () => {
    await withServer({ scenario: TALK }, async (client) => {
      const raw = await recorded(client, { audio_mixed_raw: {} });
      const mp3 = await recorded(client, { audio_mixed_mp3: { metadata: { a: 'b' } } });
      expect(mp3.audio_mixed).toMatchObject({ format: 'mp3', metadata: { a: 'b' } });
      const { bytes: rawBytes } = await bytesOf(raw.audio_mixed.data.download_url);
      const { response, bytes } = await bytesOf(mp3.audio_mixed.data.download_url);
      expect(response.headers.get('content-type')).toBe('audio/mpeg');
      expect(response.headers.get('content-length')).toBe(String(bytes.length));
      const { samples } = await decodeMp3(bytes, 'download', 1e9);
      const mix = pcmOf(rawBytes);
      expect(samples.length).toBe(mix.length);
      expect(likeness(mix, samples)).toBeGreaterThan(0.95);
    });
  });

  it('is the same for all who ask at once, and for who asks for a part', async () => {
    await withServer({ scenario: TALK }, async (client) => {
      const url = (await recorded(client, { audio_mixed_mp3: {} })).audio_mixed.data.download_url;
      const all = await Promise.all([bytesOf(url), bytesOf(url), bytesOf(url)]);
      const [whole] = all.map(({ bytes }) => bytes);
      for (const { bytes } of all) expect(bytes.equals(whole!)).toBe(true);
      const { length } = whole!;
      for (const [range, from, to] of [
        ['bytes=10-19', 10, 20],
        ['bytes=100-', 100, length],
        ['bytes=-7', length - 7, length],
        [`bytes=5-${length + 99}`, 5, length],
      ] as const) {
        const { response, bytes } = await bytesOf(url, { range });
        expect([response.status, response.headers.get('content-range')]).toEqual([
          206,
          `bytes ${from}-${to - 1}/${length}`,
        ]);
        expect(bytes.equals(whole!.subarray(from, to))).toBe(true);
      }
      expect((await bytesOf(url, { range: `bytes=${length}-` })).response.status).toBe(416);
      for (const range of ['bytes=9-3', 'bytes=1-2,4-5', 'lines=1-2', 'bytes=-'])
        expect((await bytesOf(url, { range })).bytes.length).toBe(length);
      const head = await fetch(url, { method: 'HEAD' });
      expect(head.headers.get('content-length')).toBe(String(length));
    });
  });
});

describe('the film of a meeting', () => {
  // Asked for, with nothing else kept, and by default: with separate audio only, and with nothing.
  it.each([
    { video_mixed_mp4: {}, audio_mixed_raw: {} },
    { video_mixed_mp4: {}, audio_separate_raw: {} },
    { audio_separate_raw: {} },
    {},
  ])('has its length and its sound: %j', async (config) => {
    await withServer({ scenario: TALK, delays: NO_DELAYS }, async (client) => {
      const raw = await recorded(client, { audio_mixed_raw: {} });
      const mix = pcmOf((await bytesOf(raw.audio_mixed.data.download_url)).bytes);
      const { video_mixed } = await recorded(client, config);
      expect(video_mixed).toMatchObject({ format: 'mp4', status: { code: 'done' } });
      const { response, bytes } = await bytesOf(video_mixed.data.download_url);
      expect(response.headers.get('content-type')).toBe('video/mp4');
      const [picture, sound] = await tracksOf(bytes);
      expect([picture!.codec, sound!.codec]).toEqual(['avc', 'mp3']);
      expect(picture!.seconds).toBeCloseTo(mix.length / 16_000, 2);
      expect(picture!.frames.length).toBe(6);
      expect(Math.abs(sound!.seconds - mix.length / 16_000)).toBeLessThan(0.08);
      // Without the frame that tells the delay, which a film tells otherwise.
      const { samples } = await decodeMp3(Buffer.concat(sound!.frames), 'film', 1e9);
      expect(likeness(mix, samples.subarray(1_105))).toBeGreaterThan(0.95);
    });
  });

  it.skipIf(!ffmpeg)(
    'is decoded by ffmpeg without a complaint: its title and names stand in it',
    async () => {
      await withServer({ scenario: TALK }, async (client) => {
        const { video_mixed } = await recorded(client, {});
        const dir = mkdtempSync(join(tmpdir(), 'film-'));
        try {
          writeFileSync(join(dir, 'film.mp4'), (await bytesOf(video_mixed.data.download_url)).bytes);
          const decode = (...output: string[]) =>
            spawnSync('ffmpeg', ['-v', 'error', '-i', join(dir, 'film.mp4'), ...output], { maxBuffer: 1e9 });
          const sound = decode('-f', 's16le', '-ar', '16000', '-ac', '1', '-');
          expect(sound.stderr.toString()).toBe('');
          expect(Math.abs(sound.stdout.length / 2 - 96_000)).toBeLessThan(1_200);
          const pictures = decode('-f', 'rawvideo', '-pix_fmt', 'gray', '-');
          expect(pictures.stderr.toString()).toBe('');
          const size = 640 * 360;
          expect(pictures.stdout.length).toBe(6 * size);
          // Every picture is the first one, and something light is written on it.
          const first = pictures.stdout.subarray(0, size);
          expect(pictures.stdout.subarray(5 * size).equals(first)).toBe(true);
          expect(first.filter((light) => light > 220).length).toBeGreaterThan(1_000);
        } finally {
          rmSync(dir, { recursive: true });
        }
      });
    },
  );

  it('is not made where a bot does not want it, and goes with its recording', async () => {
    await withHooks(async (app) => {
      await withServer({ scenario: TALK, webhookUrls: [app.url] }, async (client) => {
        expect((await recorded(client, { video_mixed_mp4: null })).video_mixed).toBeNull();
        const { video_mixed } = await recorded(client, {});
        const path = `/api/v1/video_mixed/${video_mixed.id}/`;
        const changed = await client.send('PATCH', path, { metadata: { a: 'b' } });
        expect([changed.status, changed.body.metadata]).toEqual([200, { a: 'b' }]);
        expect((await client.send('DELETE', path)).status).toBe(204);
        await app.until('video_mixed.deleted');
        expect((await client.get(path)).body).toMatchObject({
          status: { code: 'deleted' },
          data: { download_url: null },
        });
      });
    });
  });

  it('of a recording whose audio is gone is not there', async () => {
    await withServer({ scenario: TALK }, async (client) => {
      const id = await client.bot();
      const { recordings } = await client.until(id, 'done');
      const url = recordings[0].media_shortcuts.video_mixed.data.download_url;
      await client.post(`/api/v1/bot/${id}/delete_media/`);
      expect((await bytesOf(url)).response.status).toBe(404);
    });
  });
});

describe('separate video', () => {
  it('has a part for each time that a camera was on', async () => {
    await withServer({ scenario: TALK }, async (client) => {
      await recorded(client, { video_separate_mp4: {} });
      const [media] = (await client.get('/api/v1/video_separate/')).body.results;
      expect(media).toMatchObject({ format: 'mp4', status: { code: 'done' } });
      const parts = (await client.get(media.data.download_url)).body;
      expect(
        parts.map(({ participant, type, start_timestamp, duration }: never) => [
          (participant as { name: string }).name,
          type,
          (start_timestamp as { relative: number }).relative,
          duration,
        ]),
      ).toEqual([
        ['Ada', 'webcam', 1, 2],
        ['Bo', 'webcam', 4, 2],
      ]);
      for (const { download_url } of parts) {
        const { response, bytes } = await bytesOf(download_url);
        expect(response.headers.get('content-type')).toBe('video/mp4');
        const tracks = await tracksOf(bytes);
        expect(tracks.map(({ codec, frames }) => [codec, frames.length])).toEqual([['avc', 2]]);
        expect(tracks[0]!.seconds).toBeCloseTo(2, 2);
      }
    });
  });
});
