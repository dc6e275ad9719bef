import { describe, expect, it } from 'vitest';
import { botLogWebhookSchema } from '../../../src/protocol/rest/other-webhooks.ts';
import { type Client, LONG, NO_DELAYS, withHooks, withServer } from '../../support/mock.ts';

/** A bot that stands still in every status on its way until somebody does something. */
const SLOW = {
  joiningSeconds: 1_000,
  waitingRoomSeconds: 1_000,
  notRecordingSeconds: 1_000,
  permissionSeconds: 1_000,
  doneSeconds: 0,
};

const lastOf = async ({ get }: Client, id: string): Promise<[code: string, subCode: string]> => {
  const { code, sub_code } = (await get(`/api/v1/bot/${id}/`)).body.status_changes.at(-1);
  return [code, sub_code];
};

describe('a bot in somebody’s hand', () => {
  it('goes from status to status, and does in each what it would do', async () => {
    await withServer({ scenario: LONG, speed: 1, delays: SLOW }, async (client) => {
      const id = await client.bot({ join_at: '2099-01-01T00:00:00Z' });
      const step = async (code: string, more = {}) =>
        (await client.post(`/_emulator/bots/${id}/status`, { code, ...more })).status;
      for (const code of [
        'joining_call',
        'in_waiting_room',
        'in_call_not_recording',
        'recording_permission_denied',
        'recording_permission_allowed',
        'in_call_recording',
      ])
        expect(await step(code), code).toBe(200);
      expect((await client.post(`/_emulator/bots/${id}/participants/100/mute`)).status).toBe(200);
      expect(await step('in_call_not_recording')).toBe(200);
      expect(await step('in_call_recording')).toBe(200);
      expect(await step('call_ended', { sub_code: 'call_ended_by_platform_idle' })).toBe(200);
      const { status_changes, recordings } = await client.until(id, 'done');
      expect(status_changes.map(({ code }: { code: string }) => code)).toEqual([
        'ready',
        'joining_call',
        'in_waiting_room',
        'in_call_not_recording',
        'recording_permission_denied',
        'recording_permission_allowed',
        'in_call_recording',
        'in_call_not_recording',
        'in_call_recording',
        'call_ended',
        'done',
      ]);
      expect(status_changes.at(-2).sub_code).toBe('call_ended_by_platform_idle');
      expect(recordings).toHaveLength(2);
    });
  });

  it('takes no step that no real bot takes, unless forced: then it is told, and nothing follows', async () => {
    await withHooks(async (app) => {
      const options = { scenario: LONG, speed: 1, delays: NO_DELAYS, webhookUrls: [app.url] };
      await withServer(options, async (client) => {
        const id = await client.bot();
        await client.until(id, 'in_call_recording');
        const path = `/_emulator/bots/${id}/status`;
        expect(await client.post(path, { code: 'in_waiting_room' })).toMatchObject({
          status: 409,
          body: {
            code: 'illegal_status',
            detail:
              'A bot that is in_call_recording does not become in_waiting_room: it comes after joining_call. Or use force.',
          },
        });
        expect((await client.post(path, { code: 'done' })).body.detail).toContain('it comes by itself');
        const withSub = { code: 'in_call_not_recording', sub_code: 'strange' };
        expect((await client.post(path, withSub)).body.code).toBe('illegal_sub_code');
        expect((await client.post(path, { code: 'nothing' })).status).toBe(400);
        expect((await client.post(path, { ...withSub, force: true })).status).toBe(200);
        expect((await app.until('bot.in_call_not_recording')).body.data.data.code).toBe(
          'in_call_not_recording',
        );
        expect(await lastOf(client, id)).toEqual(['in_call_not_recording', 'strange']);
        expect((await client.post(`/_emulator/bots/${id}/participants/100/mute`)).status).toBe(200);
      });
    });
  });

  it.each([
    ['kick', 'call_ended', 'bot_kicked_from_call'],
    ['end_meeting', 'call_ended', 'call_ended_by_host'],
    ['waiting_room_timeout', 'call_ended', 'timeout_exceeded_waiting_room'],
  ])('%s: %s (%s)', async (deed, code, subCode) => {
    await withServer({ scenario: LONG, speed: 1, delays: { ...SLOW, joiningSeconds: 0 } }, async (client) => {
      const id = await client.bot();
      await client.until(id, 'in_waiting_room');
      expect((await client.post(`/_emulator/bots/${id}/${deed}`)).status).toBe(200);
      const { status_changes } = await client.until(id, 'done');
      expect(status_changes.at(-2)).toMatchObject({ code, sub_code: subCode });
      expect((await client.post(`/_emulator/bots/${id}/${deed}`)).status).toBe(409);
    });
  });

  it('is denied its recording, and fails', async () => {
    const delays = { ...NO_DELAYS, notRecordingSeconds: 1_000 };
    await withServer({ scenario: LONG, speed: 1, delays }, async (client) => {
      const id = await client.bot();
      await client.until(id, 'in_call_not_recording');
      expect((await client.post(`/_emulator/bots/${id}/waiting_room_timeout`)).body.code).toBe('not_waiting');
      expect((await client.post(`/_emulator/bots/${id}/deny_recording`)).status).toBe(200);
      expect(await lastOf(client, id)).toEqual([
        'recording_permission_denied',
        'zoom_local_recording_request_denied_by_host',
      ]);
      const fatal = { code: 'fatal', sub_code: 'bot_errored', message: 'Gone.' };
      expect((await client.post(`/_emulator/bots/${id}/status`, fatal)).body.status).toBe('fatal');
      expect(await lastOf(client, id)).toEqual(['fatal', 'bot_errored']);
    });
  });

  it('tells a line of its log by webhook', async () => {
    await withHooks(async (app) => {
      await withServer(
        { scenario: LONG, speed: 1, delays: NO_DELAYS, webhookUrls: [app.url] },
        async (client) => {
          const id = await client.bot();
          const log = (body: unknown) => client.post(`/_emulator/bots/${id}/log`, body);
          expect((await log({ message: 'The chat message was not sent.', level: 'error' })).status).toBe(200);
          const { body } = await app.until('bot.log');
          expect(botLogWebhookSchema.safeParse(body).success).toBe(true);
          expect(body.data).toMatchObject({
            bot_id: id,
            log: { level: 'error', message: 'The chat message was not sent.', output_id: null },
          });
          await log({ message: 'RTMP: connection refused', output_id: 'output_123' });
          expect((await app.until('bot.output_log')).body.data.log).toMatchObject({
            level: 'warning',
            output_id: 'output_123',
          });
          expect((await log({})).status).toBe(400);
        },
      );
    });
  });
});
