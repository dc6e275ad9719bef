import { describe, expect, it } from 'vitest';
import { botWith, withServer } from '../../support/mock.ts';

describe('a refused request', () => {
  it('is told with its first reason and without any token, and counted', async () => {
    const said: string[] = [];
    await withServer(
      { onActivity: ({ kind, text }) => kind === 'request' && said.push(text) },
      async (client) => {
        await client.post('/api/v1/bot/?key=secret', botWith('wss//a.example/?token=secret'));
        await client.get('/api/v1/bot/x/?token=secret');
        await client.send('DELETE', '/api/v1/bot/');
        await client.get('/_emulator/bots/x');
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
      'GET /_emulator/bots/x: 404, There is no such bot of this API key.',
      expect.stringMatching(/^POST \/api\/v1\/bot\/: 400, JSON parse error/),
    ]);
    expect(said.join('\n')).not.toContain('secret');
  });
});
