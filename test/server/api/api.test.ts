import { describe, expect, it } from 'vitest';
import { withServer } from '../../support/mock.ts';

describe('routes', () => {
  it('of the real API that the mock does not have answer 501 and say so', async () => {
    await withServer({ apiKey: 'test' }, async ({ send, get, bot }) => {
      const id = await bot();
      for (const [method, path, part] of [
        ['GET', '/api/v1/calendar/meetings/', 'Calendar V1'],
        ['GET', `/api/v1/bot/${id}/transcript`, 'v1.10'],
        ['GET', '/api/v1/nobody_knows/', '/openapi.json'],
      ] as const) {
        const { status, body } = await send(method, path);
        expect([status, body.code], path).toEqual([501, 'not_emulated']);
        expect(body.detail, path).toContain(part);
      }
      const put = await send('PUT', `/api/v1/bot/${id}/`);
      expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, PATCH, DELETE']);
      expect((await get('/api/v1/bot/x/')).status).toBe(404);
      expect((await get('/favicon.ico')).status).toBe(404);
      for (const path of ['/api/v2/calendars/', '/api/v1/nobody_knows/'])
        expect((await get(path, { Authorization: 'Token wrong' })).status, path).toBe(401);
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

  it('refuse values of a filter that the real lists refuse', async () => {
    await withServer({}, async ({ get }) => {
      const id = '00000000-0000-4000-8000-000000000001';
      for (const [path, field] of [
        ['recording/?status_code=deleted', 'status_code'],
        ['recording/?bot_id=x', 'bot_id'],
        ['transcript/?status_code=paused', 'status_code'],
        [`audio_mixed/?recording_id=${id}&recording_id=7`, 'recording_id'],
        ['video_mixed/?created_at_after=soon', 'created_at_after'],
      ] as const) {
        const { status, body } = await get(`/api/v1/${path}`);
        expect([status, Object.keys(body)], path).toEqual([400, [field]]);
      }
      for (const path of [
        `recording/?status_code=paused&bot_id=${id}`,
        `transcript/?status_code=processing&recording_id=${id.toUpperCase()}`,
      ])
        expect((await get(`/api/v1/${path}`)).status, path).toBe(200);
    });
  });
});
