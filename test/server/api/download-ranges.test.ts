/** Parts of downloads of every kind, over a socket. */
import { describe, expect, it } from 'vitest';
import { type Client, SHORT, withServer } from '../../support/mock.ts';

/** A download URL for every kind of answer: a document, raw audio, the same with a header before it, and what is made of it. */
async function urlsOf(client: Client): Promise<Record<string, string>> {
  const id = await client.bot({
    recording_config: {
      audio_separate_raw: {},
      audio_mixed_raw: {},
      transcript: { provider: { meeting_captions: {} } },
    },
  });
  const { media_shortcuts: media } = (await client.until(id, 'done')).recordings[0];
  const [part] = (await client.get(media.audio_separate.data.download_url)).body;
  const mixed: string = media.audio_mixed.data.download_url;
  return {
    document: media.transcript.data.download_url,
    part: part.download_url,
    raw: mixed,
    wav: mixed.replace('.raw?', '.wav?'),
    film: media.video_mixed.data.download_url,
  };
}

async function fetched(url: string, headers: Record<string, string> = {}, method = 'GET') {
  const response = await fetch(url, { method, headers });
  const bytes = Buffer.from(await response.arrayBuffer());
  const header = (name: string) => response.headers.get(name);
  return { status: response.status, bytes, header };
}

describe('a part of a download', () => {
  it.each(['document', 'part', 'raw', 'wav', 'film'])('is what the whole has there: %s', async (kind) => {
    await withServer({ scenario: SHORT }, async (client) => {
      const url = (await urlsOf(client))[kind]!;
      const whole = await fetched(url);
      const size = whole.bytes.length;
      expect([whole.status, whole.header('content-length'), whole.header('accept-ranges')]).toEqual([
        200,
        `${size}`,
        'bytes',
      ]);
      // Within the header of a WAV, across its end, after it, and to the end.
      for (const [range, from, to] of [
        ['bytes=0-0', 0, 1],
        ['bytes=4-43', 4, 44],
        ['bytes=40-59', 40, 60],
        ['bytes=50-', 50, size],
        ['bytes=-9', size - 9, size],
        [`bytes=-${size + 5}`, 0, size],
        [`bytes=7-${size + 9}`, 7, size],
      ] as const) {
        const part = await fetched(url, { range });
        expect([part.status, part.header('content-range'), part.header('content-length')], range).toEqual([
          206,
          `bytes ${from}-${to - 1}/${size}`,
          `${to - from}`,
        ]);
        expect(part.bytes.equals(whole.bytes.subarray(from, to)), range).toBe(true);
        expect(part.header('etag')).toBe(whole.header('etag'));
      }
      const beyond = await fetched(url, { range: `bytes=${size}-` });
      expect([beyond.status, beyond.header('content-range')]).toEqual([416, `bytes */${size}`]);
      for (const range of ['bytes=9-3', 'bytes=1-2,4-5', 'lines=1-2', 'bytes=-', 'bytes=x-3'])
        expect((await fetched(url, { range })).bytes.equals(whole.bytes), range).toBe(true);
    });
  });

  it('is sent only of the bytes that it is wanted of', async () => {
    await withServer({ scenario: SHORT }, async (client) => {
      const { raw, part, wav, document } = await urlsOf(client);
      const tags = new Set<string>();
      for (const url of [raw!, part!, wav!, document!]) {
        const etag = (await fetched(url)).header('etag')!;
        expect(etag).toMatch(/^"[\w-]{27}"$/);
        tags.add(etag);
        const range = 'bytes=0-9';
        expect((await fetched(url, { range, 'if-range': etag })).status).toBe(206);
        for (const other of ['"another"', `W/${etag}`, 'Wed, 21 Oct 2026 07:28:00 GMT'])
          expect((await fetched(url, { range, 'if-range': other })).status, other).toBe(200);
      }
      expect(tags.size).toBe(4);
    });
  });

  it('is told of without a body', async () => {
    await withServer({ scenario: SHORT }, async (client) => {
      for (const [kind, url] of Object.entries(await urlsOf(client))) {
        const whole = await fetched(url);
        const head = await fetched(url, {}, 'HEAD');
        expect([head.status, head.bytes.length], kind).toEqual([200, 0]);
        for (const name of ['content-length', 'content-type', 'etag'])
          expect(head.header(name), `${kind} ${name}`).toBe(whole.header(name));
        const part = await fetched(url, { range: 'bytes=1-4' }, 'HEAD');
        expect([part.status, part.header('content-length')], kind).toEqual([206, '4']);
      }
    });
  });
});
