import { request as httpRequest } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createMock } from '../../../src/server/server.ts';
import { SHORT, withServer, ZOOM } from '../../support/mock.ts';

/** A GET with a body, which `fetch` does not send. */
function getWithBody(url: string, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      url,
      { method: 'GET', headers: { Authorization: 'Token k', 'Content-Length': String(body.length) } },
      (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

describe('hosts', () => {
  it('knows its own name, and keeps other pages away from the control API', async () => {
    const mock = await createMock({ scenario: SHORT });
    const ask = async (path: string, headers: Record<string, string>) =>
      (
        await mock.fetch(
          new Request(`http://127.0.0.1${path}`, { headers: { Authorization: 'k', ...headers } }),
        )
      ).status;
    expect(await ask('/api/v1/bot/', { Host: 'evil.example' })).toBe(421);
    expect(await ask('/api/v1/bot/', { Host: 'localhost:8787' })).toBe(200);
    expect(await ask('/_emulator/bots', { Origin: 'https://evil.example' })).toBe(403);
    // A page on another port of this machine is another page.
    expect(await ask('/_emulator/bots', { Origin: 'http://localhost:3000' })).toBe(403);
    expect(await ask('/_emulator/bots', { Origin: 'http://127.0.0.1' })).toBe(200);
    await mock.close();
  });
});

describe('keys', () => {
  it('are taken behind Token or bare, and asked for', async () => {
    await withServer({ apiKey: 'right' }, async ({ get }) => {
      expect((await get('/api/v1/bot/', { Authorization: 'Token right' })).status).toBe(200);
      expect((await get('/api/v1/bot/', { Authorization: 'right' })).status).toBe(200);
      expect(await get('/api/v1/bot/', { Authorization: 'Token wrong' })).toMatchObject({
        status: 401,
        body: { code: 'authentication_failed' },
      });
      expect(await get('/api/v1/bot/', { Authorization: '' })).toMatchObject({
        status: 401,
        body: { code: 'not_authenticated' },
      });
    });
  });

  it('behind Bearer are none: a 401 that says what to send, or a warning while any key will do', async () => {
    await withServer({ apiKey: 'right' }, async ({ get }) => {
      const { status, body } = await get('/api/v1/bot/', { Authorization: 'Bearer right' });
      expect([status, body.detail]).toEqual([401, expect.stringContaining('Authorization: Token KEY')]);
      expect((await get('/_emulator/bots', { Authorization: 'Bearer right' })).status).toBe(401);
    });
    const said: string[] = [];
    await withServer({ onActivity: ({ text }) => said.push(text) }, async ({ get }) => {
      expect((await get('/api/v1/bot/', { Authorization: 'Bearer any' })).status).toBe(200);
    });
    expect(said.join('\n')).toContain('not Bearer');
  });
});

describe('bodies', () => {
  it('that are nested deeper than anything meant are a 400, and no list fails for them later', async () => {
    await withServer({}, async ({ post, get }) => {
      const deep = `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`;
      const body = `{"meeting_url":"${ZOOM}","zoom":${deep}}`;
      expect(await post('/api/v1/bot/', body)).toMatchObject({ status: 400 });
      expect((await post('/_emulator/bots/x/participants', body)).status).toBe(400);
      // Brackets in a string are text.
      const brackets = { meeting_url: ZOOM, bot_name: '[{"'.repeat(30), metadata: { a: '['.repeat(5_000) } };
      expect((await post('/api/v1/bot/', brackets)).status).toBe(201);
      expect((await get('/api/v1/bot/')).body.count).toBe(1);
    });
  });

  it('of more than eight megabytes are not read: there is room for two pictures', async () => {
    await withServer({}, async ({ post, server }) => {
      const picture = { kind: 'jpeg', b64_data: 'A'.repeat(1_835_008) };
      const automatic_video_output = { in_call_not_recording: picture, in_call_recording: picture };
      expect((await post('/api/v1/bot/', { meeting_url: ZOOM, automatic_video_output })).status).toBe(201);
      const answer = await post('/api/v1/bot/', { meeting_url: ZOOM, padding: 'x'.repeat(8 * 1024 * 1024) });
      expect(answer.status).toBe(413);
      expect(server.requests().at(-1)).toMatchObject({ status: 413, body: null });
    });
  });

  it('of a GET are refused by the firewall, when it is imitated', async () => {
    await withServer({}, async ({ url }) => {
      expect(await getWithBody(`${url}/api/v1/bot/`, '{}')).toBe(200);
    });
    await withServer({ strictWaf: true }, async ({ url, get }) => {
      expect(await getWithBody(`${url}/api/v1/bot/`, '{}')).toBe(403);
      expect((await get('/api/v1/bot/')).status).toBe(200);
    });
  });
});
