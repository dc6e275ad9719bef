import { describe, expect, it } from 'vitest';
import { startReceiver } from '../../src/receiver/receiver.ts';
import { createMock } from '../../src/server/server.ts';
import { AUDIO_ENDPOINT, botWith, withHooks, withServer } from '../support/mock.ts';
import { until } from '../support/until.ts';

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
      const { status, body } = await post('/api/v1/bot/', botWith(url, type));
      expect(status).toBe(400);
      expect(body.recording_config.realtime_endpoints[0].url[0]).toContain('Enter a valid URL.');
      expect(body.recording_config.realtime_endpoints[0].url[0]).toContain(message);
    });
  });

  it('are echoed as they were written, and dialled as browsers read them', async () => {
    await withHooks(async (app) => {
      await withServer({}, async ({ post, get, until }) => {
        const url = ` ${app.url.replace('http:', 'HTTP:')}`;
        const { status, body } = await post('/api/v1/bot/', botWith(url, 'webhook'));
        expect(status).toBe(201);
        expect(body.recording_config.realtime_endpoints[0].url).toBe(url);
        await until(body.id, 'done');
        await app.until('participant_events.join');
        expect((await get('/api/v1/realtime_endpoint/')).body.results[0].status.code).toBe('done');
        // Nobody listens there: it is dialled, and fails.
        const upper = await post('/api/v1/bot/', botWith('WS://127.0.0.1:1/'));
        expect(upper.status).toBe(201);
      });
    });
  });

  it('want a / before their query: a 400, or a warning when that is asked for', async () => {
    const url = 'ws://127.0.0.1:1/audio?token=secret';
    const said: string[] = [];
    const onActivity = ({ text }: { text: string }): unknown => said.push(text);
    await withServer({ strictUrls: false, onActivity }, async ({ post }) => {
      expect((await post('/api/v1/bot/', botWith(url))).status).toBe(201);
      expect((await post('/api/v1/bot/', botWith(url.replace('?', '/?')))).status).toBe(201);
    });
    expect(said.filter((text) => text.includes('write /audio/?'))).toHaveLength(1);
    expect(said.join('\n')).not.toContain('secret');
    await withServer({}, async ({ post }) => {
      const { status, body } = await post('/api/v1/bot/', botWith(url));
      expect([status, body.recording_config.realtime_endpoints[0].url[0]]).toEqual([
        400,
        expect.stringContaining('/audio/?'),
      ]);
    });
    await withServer({ docs: '2025-06', onActivity }, async ({ post }) => {
      expect((await post('/api/v1/bot/', botWith(url))).status).toBe(201);
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
        await post('/api/v1/bot/', botWith('https://my.ngrok.app/a?b=c', 'webhook'));
        expect((await app.until('participant_events.join')).path).toBe('/hooks/a?b=c');
      });
    });
  });
});

describe('an app with a public name', () => {
  it('is called on its port of this machine, by webhooks', async () => {
    await withHooks(async (app) => {
      await withHooks(async (other) => {
        const appPort = Number(new URL(app.url).port);
        const mapTargets = { 'https://mapped.example': other.url };
        await withServer({ appPort, mapTargets }, async ({ post }) => {
          await post('/api/v1/bot/', botWith('https://my.ngrok.app/hooks/a?b=c', 'webhook'));
          expect((await app.until('participant_events.join')).path).toBe('/hooks/a?b=c');
          // What is mapped stays so, and what is here already is called as it is.
          await post('/api/v1/bot/', botWith('https://mapped.example/x', 'webhook'));
          await post('/api/v1/bot/', botWith(`${other.url}/y`, 'webhook'));
          await until(() =>
            ['/hooks/x', '/hooks/y'].every((path) => other.hooks.some((hook) => hook.path === path)),
          );
        });
      });
    });
  });

  it('is called on its port of this machine, by WebSockets', async () => {
    const receiver = await startReceiver();
    const appPort = Number(new URL(receiver.url).port);
    await withServer({ appPort }, async (client) => {
      const id = await client.bot(botWith('wss://my.ngrok.app/audio/?token=x'));
      await client.until(id, 'done');
      expect(client.server.stats()).toMatchObject({ scheduled: 20, sent: 20 });
    });
    await receiver.close();
    await expect(createMock({ appPort: 0 })).rejects.toMatchObject({ code: 'invalid_option' });
  });
});

describe('hosts that may be dialled', () => {
  it('dials only what it may', async () => {
    await withServer(
      { allowTargets: ['receiver.example'], retryAttempts: 0 },
      async ({ bot, until, get }) => {
        const id = await bot({
          recording_config: { audio_separate_raw: {}, realtime_endpoints: [{ ...AUDIO_ENDPOINT }] },
        });
        await until(id, 'done');
        expect((await get('/api/v1/realtime_endpoint/')).body.results[0].status.code).toBe('failed');
      },
    );
  });

  it('are those of the options and to hosts that are allowed, and nowhere else', async () => {
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
            const { body } = await post('/api/v1/bot/', botWith(other.url, 'webhook'));
            await until(body.id, 'done');
            await app.until('bot.done');
          },
        );
        expect(other.hooks).toEqual([]);
        expect(said.join('\n')).toContain('name it with `allowTargets`');
      });
    });
  });
});
