import { describe, expect, it } from 'vitest';
import { createMock } from '../../../src/server/server.ts';
import { asker, NO_DELAYS, SHORT, withServer } from '../../support/mock.ts';

describe('who may use the control API', () => {
  const pages: [origin: string, status: number][] = [
    ['http://127.0.0.1:8787', 200],
    ['http://127.0.0.1:3000', 403],
    ['http://localhost:8787', 403],
    ['https://127.0.0.1:8787', 403],
    ['https://evil.example', 403],
    ['null', 403],
    ['', 403],
    ['https://my.tunnel.example', 200],
    ['https://my.tunnel.example.evil.example', 403],
  ];
  it.each(pages)('a page of %s: %i', async (origin, status) => {
    const mock = await createMock({ scenario: SHORT, allowHosts: ['my.tunnel.example'] });
    expect((await asker(mock)('GET', '/_emulator/bots', undefined, { Origin: origin })).status).toBe(status);
    await mock.close();
  });

  it('whoever is no page at all', async () => {
    const mock = await createMock({ scenario: SHORT });
    expect((await asker(mock)('GET', '/_emulator/bots')).status).toBe(200);
    await mock.close();
  });
});

describe('the control API', () => {
  it('says that the mock answers, also to those without a key', async () => {
    await using mock = await createMock({ apiKey: 'key' });
    const health = await asker(mock)('GET', '/_emulator/health', undefined, { Authorization: '' });
    expect([health.status, JSON.parse(health.text)]).toEqual([
      200,
      { status: 'ok', version: expect.stringMatching(/^\d/) },
    ]);
    expect((await asker(mock)('GET', '/_emulator/bots', undefined, { Authorization: '' })).status).toBe(401);
  });

  it('is in the OpenAPI document, beside every route of the API', async () => {
    await withServer({}, async ({ get }) => {
      const { body } = await get('/openapi.json');
      expect(Object.keys(body.paths)).toEqual(
        expect.arrayContaining([
          '/api/v1/bot/',
          '/api/v1/bot/{id}/leave_call/',
          '/api/v1/audio_separate/{id}/',
          '/_emulator/bots/{bot_id}/drop',
        ]),
      );
      const create = body.paths['/api/v1/bot/'].post;
      expect(create.requestBody.content['application/json'].schema).toEqual({
        $ref: '#/components/schemas/CreateBot',
      });
      expect(body.components.schemas.CreateBot.required).toEqual(['meeting_url']);
    });
  });

  it('refuses what could not be written as JSON again', async () => {
    await withServer({ speed: 1, delays: NO_DELAYS }, async ({ bot, send, until }) => {
      const id = await bot();
      await until(id, 'in_call_recording');
      const deep = `{"id": 1, "extra_data": ${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`;
      expect((await send('POST', `/_emulator/bots/${id}/participants`, deep)).status).toBe(400);
    });
  });
});
