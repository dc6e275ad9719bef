import { describe, expect, it } from 'vitest';
import { withServer } from '../../support/mock.ts';

describe('time', () => {
  it('is skipped as far as was asked, and what falls due happens on the way', async () => {
    await withServer({ speed: 1, updateCutoffSeconds: 0 }, async ({ bot, get, post }) => {
      const id = await bot({ join_at: new Date(Date.now() + 60_000).toISOString() });
      const { body } = await post('/_emulator/advance', { seconds: 90 });
      expect(body.advanced_s).toBe(90);
      const { status_changes } = (await get(`/api/v1/bot/${id}/`)).body;
      expect(status_changes.map(({ code }: { code: string }) => code)).toContain('joining_call');
      const joined = Date.parse(status_changes[1].created_at);
      expect(Date.parse(body.now) - joined).toBeGreaterThan(29_000);
    });
  });

  it.each([{ seconds: 0 }, { seconds: -1 }, { seconds: 604_801 }, { seconds: '5' }, {}, []])(
    'does not take %j',
    async (body) => {
      await withServer({}, async ({ post }) => {
        expect((await post('/_emulator/advance', body)).status).toBe(400);
      });
    },
  );
});
