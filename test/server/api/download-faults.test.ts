/** Downloads that go wrong on purpose, as a client sees them: Node's own HTTP, which hides nothing. */
import { type ClientRequest, get as httpGet, type IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { startServer } from '../../../src/server/server.ts';
import { type Client, SHORT, withServer } from '../../support/mock.ts';

const CONFIG = {
  audio_separate_raw: {},
  audio_mixed_raw: {},
  transcript: { provider: { meeting_captions: {} } },
};

async function mediaOf(client: Client, body: object = {}) {
  const id = await client.bot({ recording_config: CONFIG, ...body });
  const { media_shortcuts: media } = (await client.until(id, 'done')).recordings[0];
  return { id, mixed: media.audio_mixed.data.download_url, media };
}

interface Got {
  readonly status: number;
  readonly announced: number;
  readonly bytes: Buffer;
  /** Whether the connection ended before all that was announced had come. */
  readonly cut: boolean;
  /** What the answer says of its connection. */
  readonly connection: string | undefined;
}

function got(url: string, headers: Record<string, string> = {}): Promise<Got> {
  return new Promise((resolve, reject) => {
    const request: ClientRequest = httpGet(url, { headers }, (response: IncomingMessage) => {
      const pieces: Buffer[] = [];
      const end = (): void =>
        resolve({
          status: response.statusCode!,
          announced: Number(response.headers['content-length']),
          bytes: Buffer.concat(pieces),
          cut: !response.complete,
          connection: response.headers.connection,
        });
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('error', () => {});
      response.on('close', end);
    });
    request.on('error', reject);
  });
}

describe('faults of downloads', () => {
  it('expired: S3 answers so, and the log of refused requests has it', async () => {
    await withServer({ downloadFaults: ['expired,file=*.raw'] }, async (client) => {
      const { mixed, media } = await mediaOf(client);
      const answer = await client.get(mixed);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([403, 'application/xml']);
      expect(answer.body).toMatch(
        /^<\?xml version="1.0" encoding="UTF-8"\?>\n<Error><Code>AccessDenied<\/Code><Message>Request has expired<\/Message><Expires>[\dT:-]+Z<\/Expires><ServerTime>[\dT:-]+Z<\/ServerTime><\/Error>$/,
      );
      expect((await fetch(mixed, { method: 'HEAD' })).status).toBe(403);
      // The same in its other form, and nothing else.
      expect((await client.get(mixed.replace('.raw?', '.wav?'))).status).toBe(200);
      expect((await client.get(media.transcript.data.download_url)).status).toBe(200);
    });
  });

  it('truncated: the connection ends after so much of what was announced', async () => {
    await withServer({}, async (client) => {
      const { mixed } = await mediaOf(client);
      const { bytes: whole } = await got(mixed);
      for (const [share, part] of [
        ['50%', 0.5],
        [0.25, 0.25],
        ['0%', 0],
        [undefined, 0.5],
      ] as const) {
        await client.post('/_emulator/download-faults', { fault: 'truncated', share, times: 1 });
        const { status, announced, bytes, cut, connection } = await got(mixed);
        // On a connection that stays open the rest would be waited for.
        expect([status, announced, cut, connection]).toEqual([200, whole.length, true, 'close']);
        expect(bytes.equals(whole.subarray(0, Math.floor(whole.length * part))), `${share}`).toBe(true);
      }
      await client.post('/_emulator/download-faults', { fault: 'truncated', times: 1 });
      // Whoever asks for no body sees nothing of it, and uses nothing up.
      const head = await fetch(mixed, { method: 'HEAD' });
      expect(head.headers.get('content-length')).toBe(`${whole.length}`);
      const part = await got(mixed, { range: 'bytes=100-299' });
      expect([part.status, part.announced, part.cut]).toEqual([206, 200, true]);
      expect(part.bytes.equals(whole.subarray(100, 200))).toBe(true);
      expect((await got(mixed)).bytes.equals(whole)).toBe(true);
    });
  });

  it('wrong_length: too long ends early, too short is not noticed', async () => {
    await withServer({}, async (client) => {
      const { mixed } = await mediaOf(client);
      const { bytes: whole } = await got(mixed);
      const struck = async (share?: string): Promise<Got> => {
        await client.post('/_emulator/download-faults', { fault: 'wrong_length', share, times: 1 });
        return got(mixed);
      };
      const longer = await struck('110%');
      expect([longer.announced, longer.cut]).toEqual([Math.round(whole.length * 1.1), true]);
      expect(longer.bytes.equals(whole)).toBe(true);
      const shorter = await struck();
      expect([shorter.announced, shorter.cut]).toEqual([Math.round(whole.length * 0.9), false]);
      expect(shorter.bytes.equals(whole.subarray(0, shorter.announced))).toBe(true);
    });
  });

  it('slow: it comes in small pieces, all of it', async () => {
    await withServer({ downloadFaults: ['slow=320k,times=1'] }, async (client) => {
      const { mixed } = await mediaOf(client);
      const slow = await fetch(mixed);
      const pieces: Uint8Array[] = [];
      for await (const piece of slow.body!) pieces.push(piece);
      const whole = await got(mixed);
      expect(Buffer.concat(pieces).equals(whole.bytes)).toBe(true);
      // A tenth of a second each.
      expect(pieces[0]!.length).toBeLessThanOrEqual(32 * 1_024);
      expect(pieces.length).toBeGreaterThanOrEqual(2);
    });
  });

  it('slow: nobody waits for a client that goes, and the server ends', async () => {
    await withServer({ downloadFaults: ['slow=1'] }, async (client) => {
      const { mixed } = await mediaOf(client);
      const gone = new AbortController();
      const response = await fetch(mixed, { signal: gone.signal });
      const reader = response.body!.getReader();
      expect((await reader.read()).value).toHaveLength(1);
      gone.abort();
      await expect(reader.read()).rejects.toThrow();
      const stays = (await fetch(mixed)).body!.getReader();
      expect((await stays.read()).value).toHaveLength(1);
      await client.server.close();
      await expect(stays.read()).rejects.toThrow();
    });
  });

  it.each(['participants.json', 'audio_separate/*', 'audio_separate.json', '*.mp4'])(
    'strike %s and nothing else',
    async (file) => {
      await withServer({ downloadFaults: [`expired,file=${file}`] }, async (client) => {
        const { media } = await mediaOf(client);
        const listed = media.audio_separate.data.download_url;
        const [part] = file === 'audio_separate.json' ? [] : (await client.get(listed)).body;
        const urls: Record<string, string> = {
          'participants.json': media.participant_events.data.participants_download_url,
          'audio_separate.json': listed,
          'audio_separate/*': part?.download_url ?? media.transcript.data.download_url,
          '*.mp4': media.video_mixed.data.download_url,
        };
        for (const [name, url] of Object.entries(urls))
          expect((await fetch(url, { method: 'HEAD' })).status, name).toBe(name === file ? 403 : 200);
      });
    },
  );

  it('are of one bot, by its metadata or by the control API', async () => {
    await withServer({}, async (client) => {
      const asked = await mediaOf(client, {
        metadata: { recall_emulator_download_fault: 'expired,file=*.raw,times=2' },
      });
      const other = await mediaOf(client);
      const statuses = async (url: string, times: number) => {
        const all: number[] = [];
        for (let at = 0; at < times; at++) all.push((await client.get(url)).status);
        return all;
      };
      expect(await statuses(asked.mixed, 3)).toEqual([403, 403, 200]);
      expect(await statuses(other.mixed, 1)).toEqual([200]);
      const path = `/_emulator/bots/${other.id}/download-faults`;
      const added = await client.post(path, { fault: 'expired' });
      const listed = { faults: [{ fault: 'expired', bot_id: other.id }] };
      expect([added.status, added.body]).toEqual([201, listed]);
      expect((await client.get(path)).body).toEqual(listed);
      expect((await client.get(`/_emulator/bots/${asked.id}/download-faults`)).body).toEqual({ faults: [] });
      expect([await statuses(other.mixed, 1), await statuses(asked.mixed, 1)]).toEqual([[403], [200]]);
      expect((await client.send('DELETE', path)).status).toBe(204);
      expect(await statuses(other.mixed, 1)).toEqual([200]);
      const wrong = await client.post('/api/v1/bot/', {
        meeting_url: 'https://zoom.us/j/1',
        metadata: { recall_emulator_download_fault: 'eaten' },
      });
      expect(wrong.status).toBe(400);
      expect(Object.keys(wrong.body.metadata)).toEqual(['recall_emulator_download_fault']);
      expect((await client.get('/_emulator/bots/none/download-faults')).status).toBe(404);
    });
  });

  it('are of one key, and end with DELETE', async () => {
    await withServer({ scenario: SHORT }, async (client) => {
      const { mixed } = await mediaOf(client);
      const key = { Authorization: 'Token another' };
      const path = '/_emulator/download-faults';
      expect((await client.post(path, { fault: 'expired' }, key)).status).toBe(201);
      expect((await client.get(mixed)).status).toBe(200);
      const own = { fault: 'slow', bytes_per_second: '64k', files: ['*.mp3'], times: 3 };
      expect((await client.post(path, own)).body).toEqual({ faults: [{ ...own, bytes_per_second: 65_536 }] });
      await client.post(path, { fault: 'expired' });
      expect((await client.get(mixed)).status).toBe(403);
      expect((await client.send('DELETE', path)).status).toBe(204);
      expect((await client.get(path)).body).toEqual({ faults: [] });
      expect((await client.get(mixed)).status).toBe(200);
      for (let count = 0; count < 100; count++) await client.post(path, { fault: 'expired' });
      expect((await client.post(path, { fault: 'expired' })).body.code).toBe('too_many_faults');
    });
  });

  it.each([
    ['eaten', 'fault: '],
    ['expired=3', 'Unrecognized key'],
    ['slow=fast', 'bytes_per_second: '],
    ['slow=0', 'bytes_per_second: '],
    ['truncated=100%', 'share: less than all'],
    ['truncated=2', 'share: '],
    ['wrong_length=100%', 'share: more or less'],
    ['wrong_length=3', 'share: '],
    ['truncated,times=x', 'times: '],
    ['truncated,file=film', 'files.0: No download is called so'],
    ['truncated,colour=red', 'Unrecognized key'],
  ])('cannot be %s', async (fault, message) => {
    await expect(startServer({ port: 0, downloadFaults: [fault] })).rejects.toMatchObject({
      code: 'invalid_download_fault',
      message: expect.stringContaining(message),
    });
  });
});
