/** What the API lets in, and how it says no: URLs, bodies, keys, routes. */
import { writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createMock } from '../../src/server/server.ts';
import { withFolder } from '../support/cli.ts';
import { withHooks, withServer, ZOOM } from '../support/mock.ts';

const endpoint = (url: string, type = 'websocket') => ({
  meeting_url: ZOOM,
  recording_config: {
    audio_separate_raw: {},
    realtime_endpoints: [
      { type, url, events: [type === 'websocket' ? 'audio_separate_raw.data' : 'participant_events.join'] },
    ],
  },
});

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

describe('URLs of endpoints', () => {
  it.each([
    ['ws://127.0.0.1:1/audio#x', 'websocket', 'fragment'],
    ['http://127.0.0.1:1/hook#x', 'webhook', 'fragment'],
    ['http://u%ff@127.0.0.1:1/', 'webhook', '%25'],
    ['ws://%zz@127.0.0.1:1/', 'websocket', '%25'],
    ['https://a.example/', 'websocket', 'ws://'],
    ['wss://a.example/', 'webhook', 'http://'],
    ['nowhere', 'websocket', 'not a URL'],
  ])('%s of a %s is refused at the door', async (url, type, message) => {
    await withServer({}, async ({ post }) => {
      const { status, body } = await post('/api/v1/bot/', endpoint(url, type));
      expect(status).toBe(400);
      expect(body.recording_config.realtime_endpoints[0].url[0]).toContain('Enter a valid URL.');
      expect(body.recording_config.realtime_endpoints[0].url[0]).toContain(message);
    });
  });

  it('are echoed as they were written, and dialled as browsers read them', async () => {
    await withHooks(async (app) => {
      await withServer({}, async ({ post, get, until }) => {
        const url = ` ${app.url.replace('http:', 'HTTP:')}`;
        const { status, body } = await post('/api/v1/bot/', endpoint(url, 'webhook'));
        expect(status).toBe(201);
        expect(body.recording_config.realtime_endpoints[0].url).toBe(url);
        await until(body.id, 'done');
        await app.until('participant_events.join');
        expect((await get('/api/v1/realtime_endpoint/')).body.results[0].status.code).toBe('done');
        // Nobody listens there: it is dialled, and fails.
        const upper = await post('/api/v1/bot/', endpoint('WS://127.0.0.1:1/'));
        expect(upper.status).toBe(201);
      });
    });
  });

  it('want a / before their query: a 400, or a warning when that is asked for', async () => {
    const url = 'ws://127.0.0.1:1/audio?token=secret';
    const said: string[] = [];
    const onActivity = ({ text }: { text: string }): unknown => said.push(text);
    await withServer({ strictUrls: false, onActivity }, async ({ post }) => {
      expect((await post('/api/v1/bot/', endpoint(url))).status).toBe(201);
      expect((await post('/api/v1/bot/', endpoint(url.replace('?', '/?')))).status).toBe(201);
    });
    expect(said.filter((text) => text.includes('write /audio/?'))).toHaveLength(1);
    expect(said.join('\n')).not.toContain('secret');
    await withServer({}, async ({ post }) => {
      const { status, body } = await post('/api/v1/bot/', endpoint(url));
      expect([status, body.recording_config.realtime_endpoints[0].url[0]]).toEqual([
        400,
        expect.stringContaining('/audio/?'),
      ]);
    });
    await withServer({ docs: '2025-06', onActivity }, async ({ post }) => {
      expect((await post('/api/v1/bot/', endpoint(url))).status).toBe(201);
    });
    expect(said.filter((text) => text.includes('write /audio/?'))).toHaveLength(2);
  });

  it.each([
    [{ webhookUrls: ['http://a.example/#x'] }, 'invalid_url'],
    [{ webhookUrls: ['http://u%ff@a.example/'] }, 'invalid_url'],
    [{ mapTargets: { 'https://my.ngrok.app': 'ws://127.0.0.1:4000' } }, 'invalid_map_target'],
    [{ mapTargets: { 'WSS://my.ngrok.app': 'http://127.0.0.1:4000' } }, 'invalid_map_target'],
    [{ mapTargets: { 'wss://my.ngrok.app': 'ws://127.0.0.1:4000/?a=b' } }, 'invalid_map_target'],
    [{ mapTargets: { 'wss://my.ngrok.app': 'ws://%zz@127.0.0.1' } }, 'invalid_url'],
    [{ mapTargets: { nonsense: 'ws://127.0.0.1' } }, 'invalid_url'],
  ])('in options %j are refused at the start', async (options, code) => {
    await expect(createMock(options)).rejects.toMatchObject({ name: 'UsageError', code });
  });

  it('that are mapped are known however they are written', async () => {
    await withHooks(async (app) => {
      const mapTargets = { 'HTTPS://My.Ngrok.app/': app.url };
      await withServer({ mapTargets }, async ({ post }) => {
        await post('/api/v1/bot/', endpoint('https://my.ngrok.app/a?b=c', 'webhook'));
        expect((await app.until('participant_events.join')).path).toBe('/hooks/a?b=c');
      });
    });
  });
});

describe('webhooks', () => {
  it('go to the URLs of the options and to hosts that are allowed, and nowhere else', async () => {
    await withHooks(async (app) => {
      await withHooks(async (other) => {
        const said: string[] = [];
        await withServer(
          {
            webhookUrls: [app.url],
            allowTargets: ['receiver.example'],
            onActivity: ({ text }) => said.push(text),
          },
          async ({ post, until }) => {
            const { body } = await post('/api/v1/bot/', endpoint(other.url, 'webhook'));
            await until(body.id, 'done');
            await app.until('bot.done');
          },
        );
        expect(other.hooks).toEqual([]);
        expect(said.join('\n')).toContain('--allow-target');
      });
    });
  });
});

describe('bodies', () => {
  it('that are nested deeper than anything meant are a 400, and no list fails for them later', async () => {
    await withServer({}, async ({ post, get }) => {
      const deep = `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`;
      const body = `{"meeting_url":"${ZOOM}","zoom":${deep}}`;
      expect(await post('/api/v1/bot/', body)).toMatchObject({ status: 400 });
      expect((await post('/_emulator/sessions/x/participants', body)).status).toBe(400);
      // Brackets in a string are text.
      const brackets = { meeting_url: ZOOM, bot_name: '[{"'.repeat(30), metadata: { a: '['.repeat(5_000) } };
      expect((await post('/api/v1/bot/', brackets)).status).toBe(201);
      expect((await get('/api/v1/bot/')).body.count).toBe(1);
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

  it('of real apps are taken', async () => {
    await withServer({ speed: 1 }, async ({ post }) => {
      const leave = async (automatic_leave: unknown) =>
        post('/api/v1/bot/', { meeting_url: ZOOM, automatic_leave });
      // As it was in v1.10: answered in the shape of today.
      expect((await leave({ everyone_left_timeout: 120 })).body.automatic_leave).toEqual({
        everyone_left_timeout: { timeout: 120 },
      });
      expect((await leave({ everyone_left_timeout: { timeout: 2, activate_after: 0 } })).status).toBe(201);
      expect((await leave({ everyone_left_timeout: 0 })).status).toBe(400);
      const { body } = await leave({ everyone_left_timeout: { timeout: 0 } });
      expect(body.automatic_leave.everyone_left_timeout.timeout).toHaveLength(1);
      const bot = await post('/api/v1/bot/', { meeting_url: ZOOM });
      const audio = { kind: 'mp3', b64_data: 'A'.repeat(1_835_008) };
      const answer = await post(`/api/v1/bot/${bot.body.id}/output_audio/`, audio);
      expect([answer.status, answer.body.b64_data]).toEqual([200, undefined]);
    });
  });

  it('with a long meeting URL are matched with rules at once', async () => {
    await withFolder(async (dir) => {
      const rules = join(dir, 'rules.yaml');
      const stars = `https://zoom.us/*${'a*'.repeat(12)}b`;
      writeFileSync(
        rules,
        `- { meeting_url: "${stars}", scenario: ${join(process.cwd(), 'fixtures/standup.yaml')} }\n`,
      );
      await withServer({ rules }, async ({ post, get }) => {
        const url = `https://zoom.us/j/1?pwd=${'a'.repeat(28_000)}`;
        expect((await post('/api/v1/bot/', { meeting_url: url })).status).toBe(201);
        expect((await post('/api/v1/bot/', { meeting_url: `${url}b` })).status).toBe(201);
        const { sessions } = (await get('/_emulator/sessions')).body;
        expect(
          sessions.map(({ scenario }: { scenario: string }) => scenario.endsWith('standup.yaml')),
        ).toEqual([false, true]);
      });
    });
  });
});

describe('keys', () => {
  it('behind Bearer are none: a 401 that says what to send, or a warning while any key will do', async () => {
    await withServer({ apiKey: 'right' }, async ({ get }) => {
      const { status, body } = await get('/api/v1/bot/', { Authorization: 'Bearer right' });
      expect([status, body.detail]).toEqual([401, expect.stringContaining('Authorization: Token KEY')]);
      expect((await get('/_emulator/sessions', { Authorization: 'Bearer right' })).status).toBe(401);
    });
    const said: string[] = [];
    await withServer({ onActivity: ({ text }) => said.push(text) }, async ({ get }) => {
      expect((await get('/api/v1/bot/', { Authorization: 'Bearer any' })).status).toBe(200);
    });
    expect(said.join('\n')).toContain('not Bearer');
  });
});

describe('routes', () => {
  it('of the real API that the mock does not have answer 501 and say so', async () => {
    await withServer({ apiKey: 'test' }, async ({ send, get, bot }) => {
      const id = await bot();
      for (const [method, path, part] of [
        ['POST', '/api/v2/calendars/', 'Calendar V2'],
        ['GET', '/api/v2/calendar-events/', 'Calendar V2'],
        ['GET', '/api/v1/billing/usage/', 'Usage'],
        ['POST', '/api/v1/sdk_upload/', 'Desktop SDK'],
        ['POST', `/api/v1/bot/${id}/output_media/`, 'Output media'],
        ['DELETE', `/api/v1/bot/${id}/output_audio/`, 'output audio'],
        ['GET', `/api/v1/bot/${id}/transcript`, 'v1.10'],
        ['GET', '/api/v1/video_mixed/x/', 'Video'],
        ['GET', '/api/v1/nobody_knows/', '/openapi.json'],
      ] as const) {
        const { status, body } = await send(method, path);
        expect([status, body.code], path).toEqual([501, 'not_emulated']);
        expect(body.detail, path).toContain(part);
      }
      expect((await send('PUT', `/api/v1/bot/${id}/`)).status).toBe(405);
      expect((await get('/api/v1/bot/x/')).status).toBe(404);
      expect((await get('/favicon.ico')).status).toBe(404);
      expect((await get('/api/v2/calendars/', { Authorization: 'Token wrong' })).status).toBe(401);
    });
  });

  it('take every value of a filter that the real lists take', async () => {
    await withServer({}, async ({ get }) => {
      const query = ['analysis_done', 'recording_done', 'media_expired', 'analysis_failed', 'done']
        .map((status) => `status=${status}`)
        .concat(['zoom_rtms', 'slack_huddle_observer', 'chime_sdk'].map((name) => `platform=${name}`))
        .join('&');
      expect(await get(`/api/v1/bot/?${query}`)).toMatchObject({ status: 200, body: { count: 0 } });
      expect((await get('/api/v1/bot/?status=nonsense')).status).toBe(400);
    });
  });
});

describe('a refused request', () => {
  it('is told with its first reason and without any token, and counted', async () => {
    const said: string[] = [];
    await withServer(
      { onActivity: ({ kind, text }) => kind === 'request' && said.push(text) },
      async (client) => {
        await client.post('/api/v1/bot/?key=secret', endpoint('wss//a.example/?token=secret'));
        await client.get('/api/v1/bot/x/?token=secret');
        await client.send('DELETE', '/api/v1/bot/');
        await client.get('/_emulator/sessions/x');
        await client.post('/api/v1/bot/', 'no JSON\n');
        expect(client.server.stats()).toMatchObject({ refusedRequests: 5, ok: true });
      },
    );
    expect(said).toEqual([
      expect.stringMatching(
        /^POST \/api\/v1\/bot\/: 400, recording_config\.realtime_endpoints\[0\]\.url: Enter a valid URL\./,
      ),
      'GET /api/v1/bot/x/: 404, Not found.',
      'DELETE /api/v1/bot/: 405, Method "DELETE" not allowed.',
      'GET /_emulator/sessions/x: 404, There is no such bot in this process.',
      expect.stringMatching(/^POST \/api\/v1\/bot\/: 400, JSON parse error/),
    ]);
    expect(said.join('\n')).not.toContain('secret');
  });
});
