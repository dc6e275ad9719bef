import { describe, expect, it } from 'vitest';
import { type Client, NO_DELAYS, SHORT, withHooks, withServer } from '../../support/mock.ts';

const DENIED = { ...SHORT, bot: { recording_permission: 'denied' as const } };
const MANUAL = { recording_config: { start_recording_on: 'manual' } };
const LONG_WAIT = { automatic_leave: { recording_permission_denied_timeout: 3_000 } };

const ask = ({ post }: Client, id: string) => post(`/api/v1/bot/${id}/request_recording_permission/`);
const codesOf = (bot: { status_changes: { code: string }[] }) => bot.status_changes.map(({ code }) => code);

describe('request_recording_permission', () => {
  it('is allowed as the scenario has it, and the recording begins', async () => {
    await withHooks(async (app) => {
      await withServer({ speed: 1, delays: NO_DELAYS, webhookUrls: [app.url] }, async (client) => {
        const id = await client.bot(MANUAL);
        await client.until(id, 'in_call_not_recording');
        const { status, body } = await ask(client, id);
        expect([status, body.id, codesOf(body).at(-1)]).toEqual([200, id, 'recording_permission_allowed']);
        await client.until(id, 'in_call_recording');
        await app.until('bot.recording_permission_allowed');
        // Who may record is asked nothing, also in a pause.
        const again = await ask(client, id);
        expect([again.status, codesOf(again.body).at(-1)]).toEqual([200, 'in_call_recording']);
        await client.post(`/api/v1/bot/${id}/pause_recording/`);
        expect(codesOf((await ask(client, id)).body).at(-1)).toBe('in_call_not_recording');
      });
    });
  });

  it('is denied again by a host who denies, and allowed by hand', async () => {
    await withHooks(async (app) => {
      const options = { speed: 1, delays: NO_DELAYS, scenario: DENIED, webhookUrls: [app.url] };
      await withServer(options, async (client) => {
        const id = await client.bot(LONG_WAIT);
        await client.until(id, 'recording_permission_denied');
        const { status, body } = await ask(client, id);
        expect(status).toBe(200);
        expect(body.status_changes.slice(-2)).toMatchObject(
          Array(2).fill({
            code: 'recording_permission_denied',
            sub_code: 'zoom_local_recording_request_denied_by_host',
          }),
        );
        await client.post(`/_emulator/bots/${id}/status`, { code: 'recording_permission_allowed' });
        await client.until(id, 'in_call_recording');
        await app.until('bot.in_call_recording');
        const denials = app.hooks.filter(
          ({ body: hook }) => hook.event === 'bot.recording_permission_denied',
        );
        expect(denials).toHaveLength(2);
      });
    });
  });

  it('is for bots that are in a call, on Zoom', async () => {
    const delays = { ...NO_DELAYS, waitingRoomSeconds: 1_000 };
    await withServer({ speed: 1, delays }, async (client) => {
      const waiting = await client.bot();
      await client.until(waiting, 'in_waiting_room');
      const meet = await client.bot({ meeting_url: 'https://meet.google.com/abc-defg-hij' });
      const later = await client.bot({ join_at: '2099-01-01T00:00:00Z' });
      for (const [id, code] of [
        [waiting, 'cannot_request_recording_permission'],
        [meet, 'platform_not_supported'],
        [later, 'cannot_command_unstarted_bot'],
      ] as const) {
        const { status, body } = await ask(client, id);
        expect([status, body.code], code).toEqual([400, code]);
      }
    });
  });
});
