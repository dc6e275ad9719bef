/** Names of an earlier version: they still work, and nobody is pointed to them. */
import { describe, expect, it } from 'vitest';
import { withServer, ZOOM } from '../../support/mock.ts';

describe('the old names of the control API', () => {
  it('/sessions is /bots, in answers, too', async () => {
    await withServer({}, async ({ bot, get, until }) => {
      const id = await bot();
      await until(id, 'done');
      const { bots } = (await get('/_emulator/bots')).body;
      expect(bots).toMatchObject([{ bot_id: id }]);
      expect((await get('/_emulator/sessions')).body).toEqual({ sessions: bots });
      const now = await get(`/_emulator/bots/${id}`);
      expect((await get(`/_emulator/sessions/${id}`)).body).toEqual(now.body);
      expect((await get('/_emulator/sessions/x')).status).toBe(404);
    });
  });

  it('/faults is /answers', async () => {
    await withServer({}, async ({ get, post, send }) => {
      const asked = { operation: 'create_bot', status: 507 };
      const waiting = [{ ...asked, remaining: 1 }];
      expect(await post('/_emulator/faults', asked)).toMatchObject({
        status: 201,
        body: { faults: waiting },
      });
      expect((await get('/_emulator/answers')).body).toEqual({ answers: waiting });
      expect((await post('/api/v1/bot/', { meeting_url: ZOOM })).status).toBe(507);
      await post('/_emulator/answers', asked);
      expect((await send('DELETE', '/_emulator/faults')).status).toBe(204);
      expect((await get('/_emulator/answers')).body).toEqual({ answers: [] });
    });
  });

  it('are documented as deprecated, and left out of the overview', async () => {
    await withServer({}, async ({ get }) => {
      const { paths } = (await get('/openapi.json')).body;
      expect(paths['/_emulator/sessions/{bot_id}/drop'].post.deprecated).toBe(true);
      expect(paths['/_emulator/bots/{bot_id}/drop'].post.deprecated).toBeUndefined();
      const { operations } = (await get('/_emulator')).body;
      expect(operations).toContain('GET /_emulator/bots: All bots that this process has played or plays');
      expect(operations.join('\n')).not.toContain('sessions');
    });
  });
});
