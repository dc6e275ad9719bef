import { describe, expect, it } from 'vitest';
import { AUDIO_ENDPOINT, withServer, ZOOM } from '../../support/mock.ts';

describe('the requests of an app', () => {
  it('are kept with operation, body and answer, and without what is secret', async () => {
    await withServer({}, async ({ get, bot, server }) => {
      const url = 'wss://a.example/audio/?token=hidden-token';
      const id = await bot({
        bot_name: 'Notes',
        zoom: { obf_token: 'hidden-obf' },
        recording_config: { audio_separate_raw: {}, realtime_endpoints: [{ ...AUDIO_ENDPOINT, url }] },
      });
      await get('/api/v1/bot/?status=done&status=fatal&page=1');
      await get('/api/v1/nowhere/');
      const { body } = await get('/_emulator/requests');
      expect(body).toMatchObject({ count: 3, forgotten: 0 });
      expect(body.requests[0]).toMatchObject({
        method: 'POST',
        path: '/api/v1/bot/',
        operation: 'create_bot',
        status: 201,
        body: {
          meeting_url: expect.stringContaining('https://zoom.us/j/1234567890?pwd=***'),
          bot_name: 'Notes',
          zoom: { obf_token: expect.stringContaining('***') },
          recording_config: {
            realtime_endpoints: [
              { url: expect.stringMatching(/^wss:\/\/a\.example\/audio\/\?token=\*{3} \([0-9a-f]{8}\)$/) },
            ],
          },
        },
        answer: { id },
      });
      expect(body.requests[1]).toMatchObject({ query: { status: ['done', 'fatal'], page: '1' }, body: null });
      expect(body.requests[2]).toMatchObject({ operation: null });
      expect(body.requests[2].status).toBeGreaterThanOrEqual(404);
      expect(JSON.stringify([body, server.requests()])).not.toContain('hidden');
    });
  });

  it('are found by operation, method, path, status and number, and forgotten on demand', async () => {
    await withServer({}, async ({ get, send, bot }) => {
      const id = await bot();
      await get(`/api/v1/bot/${id}`);
      await get('/api/v1/bot/x/');
      const found = async (query: string): Promise<number[]> =>
        (await get(`/_emulator/requests?${query}`)).body.requests.map(
          ({ status }: { status: number }) => status,
        );
      expect(await found('operation=retrieve_bot')).toEqual([200, 404]);
      expect(await found('method=post')).toEqual([201]);
      expect(await found(`path=/api/*/${id}/`)).toEqual([200]);
      expect(await found('status=404')).toEqual([404]);
      expect(await found('limit=1')).toEqual([404]);
      const [first] = (await get('/_emulator/requests')).body.requests;
      expect(await found(`after=${first.number}`)).toEqual([200, 404]);
      expect((await get('/_emulator/requests?opertion=x')).status).toBe(400);
      expect((await send('DELETE', '/_emulator/requests')).status).toBe(204);
      expect(await found('')).toEqual([]);
    });
  });

  it('without a key are told to whoever asks for the whole server', async () => {
    await withServer({}, async ({ get, send }) => {
      const nobody = { Authorization: '' };
      expect((await get('/api/v1/bot/', nobody)).status).toBe(401);
      await get('/api/v1/bot/', { Authorization: 'Token other' });
      expect((await get('/_emulator/requests')).body.count).toBe(0);
      const { requests } = (await get('/_emulator/requests', nobody)).body;
      expect(requests.map(({ status }: { status: number }) => status)).toEqual([401, 200]);
      await send('DELETE', '/_emulator/requests', undefined, nobody);
      expect((await get('/_emulator/requests', nobody)).body.count).toBe(0);
    });
  });

  it('are bounded: the newest are kept, long texts are cut', async () => {
    await withServer({}, async ({ get, post, server }) => {
      await post('/api/v1/bot/', { meeting_url: ZOOM, bot_name: 'x'.repeat(500_000) });
      const [{ body }] = server.requests() as unknown as [{ body: { bot_name: string } }];
      expect(body.bot_name).toMatch(/^x{1000}… \(500000 characters, [0-9a-f]{8}\)$/);
      for (let number = 0; number < 1_005; number++)
        await server.fetch(
          new Request('http://127.0.0.1/api/v1/bot/x/', { headers: { Authorization: 'test' } }),
        );
      expect(server.requests()).toHaveLength(1_000);
      expect((await get('/_emulator/requests')).body).toMatchObject({ count: 1_000, forgotten: 6 });
      // Whether there were more is not known, and is no pass.
      const none = { operation: 'create_bot', count: 0 };
      expect(await post('/_emulator/requests/verify', none)).toMatchObject({
        status: 422,
        body: { matched: 0, detail: expect.stringContaining('6 older ones are not kept any more') },
      });
    });
  });
});

describe('verifying requests', () => {
  it('takes part of a body, and says what came closest and how it differs', async () => {
    await withServer({}, async ({ post, bot }) => {
      await bot({ bot_name: 'Notes', metadata: { team: 'a' } });
      await bot({ bot_name: 'Other', metadata: { team: 'b' } });
      const verify = (expected: unknown) => post('/_emulator/requests/verify', expected);
      const create = { operation: 'create_bot', body: { bot_name: 'Notes' } };
      expect(await verify(create)).toMatchObject({ status: 200, body: { ok: true, matched: 1 } });
      expect((await verify({ ...create, count: 2 })).status).toBe(422);
      expect((await verify({ ...create, at_most: 1 })).status).toBe(200);
      expect((await verify({ operation: 'delete_bot', count: 0 })).status).toBe(200);
      const { status, body } = await verify({
        operation: 'create_bot',
        body: { bot_name: 'Notes', metadata: { team: 'b' }, join_at: null },
      });
      expect([status, body.code, body.detail]).toEqual([
        422,
        'not_received',
        'Expected at least 1 request like this, got 0 (of 2).',
      ]);
      expect(body.near_misses).toMatchObject([
        {
          request: { operation: 'create_bot', status: 201 },
          differences: [
            'body.bot_name: expected "Notes", got "Other"',
            'body.join_at: expected null, got nothing',
          ],
        },
        {
          differences: [
            'body.metadata.team: expected "b", got "a"',
            'body.join_at: expected null, got nothing',
          ],
        },
      ]);
    });
  });

  it('tells equal from different also in what is secret or too long to be kept', async () => {
    await withServer({}, async ({ post, bot }) => {
      const metadata = (end: string) => ({ long: `${'y'.repeat(5_000)}${end}` });
      await bot({ zoom: { obf_token: 'one' }, metadata: metadata('a') });
      const verify = async (body: unknown) => (await post('/_emulator/requests/verify', { body })).status;
      expect(await verify({ zoom: { obf_token: 'one' }, meeting_url: ZOOM, metadata: metadata('a') })).toBe(
        200,
      );
      expect(await verify({ zoom: { obf_token: 'two' } })).toBe(422);
      expect(await verify({ meeting_url: `${ZOOM}d` })).toBe(422);
      expect(await verify({ metadata: metadata('b') })).toBe(422);
    });
  });

  it('refuses counts that contradict each other', async () => {
    await withServer({}, async ({ post }) => {
      for (const counts of [{ count: 1, at_least: 1 }, { at_least: 3, at_most: 2 }, { count: -1 }])
        expect((await post('/_emulator/requests/verify', counts)).status).toBe(400);
    });
  });
});
