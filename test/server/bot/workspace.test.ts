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

  it('takes no new time that is too close, or none', async () => {
    await withServer({ speed: 1 }, async ({ bot, send, get }) => {
      const id = await bot({ join_at: inSeconds(9_000) });
      const path = `/api/v1/bot/${id}/`;
      const before = (await get(path)).body;
      for (const join_at of [inSeconds(500), inSeconds(-5), null]) {
        const refused = await send('PATCH', path, { join_at });
        expect([refused.status, refused.body.code], `${join_at}`).toEqual([400, 'update_bot_failed']);
        expect(refused.body.detail).toContain('A new join_at is at least 600 seconds from now');
      }
      expect((await get(path)).body).toEqual(before);
      const later = inSeconds(700);
      expect((await send('PATCH', path, { join_at: later })).body.join_at).toBe(later);
    });
  });

  it('is told to leave instead of being deleted, once it is about to join', async () => {
    await withServer({ speed: 1, scenario: LATE, delays: NO_DELAYS }, async (client) => {
      const id = await client.bot({ join_at: inSeconds(700) });
      const path = `/api/v1/bot/${id}/`;
      expect((await client.post(`${path}leave_call/`)).body.code).toBe('cannot_command_unstarted_bot');
      await client.post('/_emulator/advance', { seconds: 200 });
      const deleted = await client.send('DELETE', path);
      expect([deleted.status, deleted.body.code]).toEqual([405, 'cannot_delete_dispatched_bot']);
      const left = await client.post(`${path}leave_call/`);
      expect(left.body.status_changes.at(-1)).toMatchObject({
        code: 'call_ended',
        sub_code: 'bot_received_leave_call',
      });
      const codes = (await client.until(id, 'done')).status_changes.map(({ code }: { code: string }) => code);
      expect(codes).toEqual(['ready', 'call_ended', 'done']);
      await client.post('/_emulator/advance', { seconds: 1_000 });
      expect((await client.get(path)).body.status_changes).toHaveLength(3);
      expect((await client.post(`${path}leave_call/`)).body.code).toBe('cannot_command_completed_bot');
    });
    await withServer({ speed: 1, updateCutoffSeconds: 0 }, async ({ bot, send, post }) => {
      const path = `/api/v1/bot/${await bot({ join_at: inSeconds(60) })}/`;
      expect((await post(`${path}leave_call/`)).body.code).toBe('cannot_command_unstarted_bot');
      expect((await send('DELETE', path)).status).toBe(204);
    });
  });

  it('says when it joins until it does; lists find it by that time ever after', async () => {
    await withServer({ scenario: LATE, delays: NO_DELAYS, speed: 1 }, async (client) => {
      const join_at = inSeconds(9_000);
      const id = await client.bot({ join_at });
      const adHoc = await client.bot();
      const shown = async () => (await client.get(`/api/v1/bot/${id}/`)).body.join_at;
      expect(await shown()).toBe(join_at);
      const found = async (filter: string) =>
        (await client.get(`/api/v1/bot/?${filter}`)).body.results.map((bot: { id: string }) => bot.id);
      await client.post('/_emulator/advance', { seconds: 9_001 });
      await client.until(id, 'joining_call');
      expect(await shown()).toBeNull();
      expect(await found(`join_at_after=${inSeconds(8_000)}`)).toEqual([id]);
      expect(await found(`join_at_before=${inSeconds(8_000)}`)).toEqual([]);
      expect(await found('')).toEqual([adHoc, id]);
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
