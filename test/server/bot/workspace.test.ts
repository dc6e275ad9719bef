import { describe, expect, it } from 'vitest';
import { LATE, NO_DELAYS, withServer } from '../../support/mock.ts';

describe('a scheduled bot', () => {
  const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000).toISOString();

  it('cannot be changed shortly before it joins', async () => {
    await withServer({ speed: 1, scenario: LATE }, async ({ bot, send, post }) => {
      const id = await bot({ join_at: inSeconds(700) });
      const rename = () => send('PATCH', `/api/v1/bot/${id}/`, { bot_name: 'Other' });
      expect((await rename()).status).toBe(200);
      await post('/_emulator/advance', { seconds: 200 });
      expect(await rename()).toMatchObject({ status: 400, body: { code: 'update_bot_failed' } });
    });
    await withServer({ speed: 1, updateCutoffSeconds: 0 }, async ({ bot, send }) => {
      const id = await bot({ join_at: inSeconds(60) });
      expect((await send('PATCH', `/api/v1/bot/${id}/`, { bot_name: 'Other' })).status).toBe(200);
    });
  });

  it('is as it was after a change that is refused', async () => {
    await withServer({ speed: 1 }, async ({ bot, send, get }) => {
      const id = await bot({ join_at: inSeconds(9_000), bot_name: 'Before' });
      const before = (await get(`/api/v1/bot/${id}/`)).body;
      const change = {
        bot_name: 'After',
        join_at: inSeconds(99_000),
        meeting_url: 'https://zoom.us/j/2',
        metadata: { recall_emulator_scenario: 'nowhere.yaml' },
      };
      expect((await send('PATCH', `/api/v1/bot/${id}/`, change)).status).toBe(400);
      expect((await get(`/api/v1/bot/${id}/`)).body).toEqual(before);
    });
  });

  it('that is changed twice at once, or in the moment it joins, goes into its call once', async () => {
    await withServer(
      { speed: 1, updateCutoffSeconds: 0, delays: NO_DELAYS, scenario: LATE },
      async ({ bot, send, get, post }) => {
        const id = await bot({ join_at: inSeconds(50), metadata: { recall_emulator_scenario: 'standup' } });
        const path = `/api/v1/bot/${id}/`;
        const [one, two] = await Promise.all([
          send('PATCH', path, { bot_name: 'One' }),
          send('PATCH', path, { metadata: { recall_emulator_scenario: 'standup', two: '2' } }),
        ]);
        expect([one.status, two.status]).toEqual([200, 200]);
        expect((await get(path)).body).toMatchObject({ bot_name: 'One', metadata: { two: '2' } });
        await Promise.all([
          send('PATCH', path, { bot_name: 'Late', join_at: inSeconds(90) }),
          post('/_emulator/advance', { seconds: 100 }),
        ]);
        await post('/_emulator/advance', { seconds: 100 });
        const codes = (await get(path)).body.status_changes.map(({ code }: { code: string }) => code);
        expect(codes.filter((code: string) => code === 'joining_call')).toHaveLength(1);
        expect((await get('/_emulator/bots')).body.bots).toHaveLength(1);
      },
    );
  });
});
