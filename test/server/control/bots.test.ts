import { describe, expect, it, vi } from 'vitest';
import { Session } from '../../../src/emulator/session.ts';
import { NO_DELAYS, withServer } from '../../support/mock.ts';

describe('what the control API shows', () => {
  it('of a running call is looked up once, however many take part', async () => {
    const participants = Array.from({ length: 50 }, (_, index) => ({ id: index + 1 }));
    await withServer(
      { scenario: { duration: 600, participants, timeline: [] }, speed: 1, delays: NO_DELAYS },
      async ({ bot, get, until }) => {
        const id = await bot();
        await until(id, 'in_call_recording');
        const status = vi.spyOn(Session.prototype, 'status');
        expect((await get(`/_emulator/bots/${id}`)).body.participants).toHaveLength(50);
        expect(status).toHaveBeenCalledTimes(1);
        status.mockRestore();
      },
    );
  });

  it('of a call that is over stays as it was', async () => {
    await withServer({}, async ({ bot, get, until }) => {
      const id = await bot({ recording_config: { audio_separate_raw: {} } });
      await until(id, 'done');
      const first = (await get(`/_emulator/bots/${id}`)).body;
      expect(first.reports[0].participants).toMatchObject([{ id: 100 }]);
      expect((await get(`/_emulator/bots/${id}`)).body.reports).toEqual(first.reports);
      expect((await get('/_emulator/bots')).body.bots[0]).toMatchObject({
        bot_id: id,
        status: 'done',
      });
    });
  });
});
