import { describe, expect, it } from 'vitest';
import { startReceiver } from '../../../src/receiver/receiver.ts';
import { AUDIO_ENDPOINT, LONG, NO_DELAYS, SHORT, withHooks, withServer, ZOOM } from '../../support/mock.ts';

describe('the life of a bot', () => {
  it('goes through every status, and the recording through its own', async () => {
    await withServer({}, async ({ bot, until }) => {
      const { status_changes, recordings } = await until(await bot(), 'done');
      expect(status_changes.map(({ code }: { code: string }) => code)).toEqual([
        'joining_call',
        'in_waiting_room',
        'in_call_not_recording',
        'recording_permission_allowed',
        'in_call_recording',
        'call_ended',
        'done',
      ]);
      expect(status_changes[5].sub_code).toBe('call_ended_by_host');
      expect(recordings[0].status.code).toBe('done');
      expect(Date.parse(recordings[0].completed_at) - Date.parse(recordings[0].started_at)).toBe(2_000);
    });
  });

  it.each([
    [
      'everybody left',
      { timeline: [{ at: 1, participant: 100, action: 'leave' }] },
      {},
      'timeout_exceeded_everyone_left',
    ],
    [
      'nobody came',
      { timeline: [{ at: 300, participant: 100, action: 'join' }] },
      { noone_joined_timeout: 30 },
      'timeout_exceeded_noone_joined',
    ],
    ['it was too long', {}, { in_call_recording_timeout: 3 }, 'timeout_exceeded_in_call_recording'],
    [
      'nobody spoke',
      {},
      { silence_detection: { timeout: 10, activate_after: 20 } },
      'timeout_exceeded_silence_detected',
    ],
  ])('ends when %s', async (_, scenario, automatic_leave, subCode) => {
    const alone = {
      ...LONG,
      participants: LONG.participants.slice(0, 1),
      duration: 400,
      timeline: LONG.timeline,
    };
    const whole = { ...alone, ...scenario } as typeof LONG;
    await withServer({ scenario: whole }, async ({ bot, until }) => {
      const { status_changes } = await until(await bot({ automatic_leave }), 'done');
      expect(status_changes.at(-2)).toMatchObject({ code: 'call_ended', sub_code: subCode });
    });
  });

  it('ends in the waiting room or in a fatal status when the scenario says so', async () => {
    const waiting = { ...SHORT, bot: { delays: { in_waiting_room: '5m' } } };
    await withServer({ scenario: waiting }, async ({ bot, until }) => {
      const { status_changes } = await until(
        await bot({ automatic_leave: { waiting_room_timeout: 60 } }),
        'done',
      );
      expect(status_changes.at(-2).sub_code).toBe('timeout_exceeded_waiting_room');
    });
    const fatal = {
      ...SHORT,
      bot: { fatal: { in: 'in_call_recording' as const, after: 1, sub_code: 'bot_errored' } },
    };
    await withServer({ scenario: fatal }, async ({ bot, until }) => {
      const body = await until(await bot(), 'fatal');
      expect(body.status_changes.at(-1)).toMatchObject({ code: 'fatal', sub_code: 'bot_errored' });
    });
  });

  it('waits for join_at, and can be changed and deleted until then only', async () => {
    await withServer(
      { speed: 1, delays: NO_DELAYS, scenario: LONG },
      async ({ bot, get, send, post, until }) => {
        const scheduled = await bot({ join_at: new Date(Date.now() + 3_600_000).toISOString() });
        const path = `/api/v1/bot/${scheduled}/`;
        expect((await send('PATCH', path, { bot_name: 'Other' })).body.bot_name).toBe('Other');
        expect(await post(`${path}leave_call/`)).toMatchObject({
          status: 400,
          body: { code: 'cannot_command_unstarted_bot' },
        });
        await post('/_emulator/advance', { seconds: 3_601 });
        await until(scheduled, 'in_call_recording');
        expect((await send('PATCH', path, { bot_name: 'Late' })).status).toBe(400);
        expect((await send('DELETE', path)).status).toBe(405);
        await post(`${path}leave_call/`);
        await until(scheduled, 'done');
        expect(await post(`${path}leave_call/`)).toMatchObject({
          status: 400,
          body: { code: 'cannot_command_completed_bot' },
        });
        const other = await bot({ join_at: new Date(Date.now() + 9_000_000).toISOString() });
        expect((await send('DELETE', `/api/v1/bot/${other}/`)).status).toBe(204);
        expect((await get(`/api/v1/bot/${other}/`)).status).toBe(404);
      },
    );
  });

  it('leaves within a second, closing its connections', async () => {
    const receiver = await startReceiver({});
    await withServer({ speed: 1, delays: NO_DELAYS, scenario: LONG }, async ({ bot, post, until }) => {
      const id = await bot({
        recording_config: {
          audio_separate_raw: {},
          realtime_endpoints: [{ ...AUDIO_ENDPOINT, url: receiver.url }],
        },
      });
      await until(id, 'in_call_recording');
      const { body } = await post(`/api/v1/bot/${id}/leave_call/`);
      expect(body.status_changes.at(-1)).toMatchObject({
        code: 'call_ended',
        sub_code: 'bot_received_leave_call',
      });
      await until(id, 'done');
    });
    expect(receiver.stats().connectionsOpen).toBe(0);
    await receiver.close();
  });

  it('ends the separate audio as failed on a platform that has none', async () => {
    const receiver = await startReceiver({});
    const config = {
      audio_separate_raw: {},
      realtime_endpoints: [{ ...AUDIO_ENDPOINT, url: receiver.url, events: ['audio_separate_raw.data'] }],
    };
    const statusOn = async (meeting_url: string, docs: 'current' | '2025-06', more = {}) => {
      let status: { code: string; sub_code: string | null } | undefined;
      await withServer({ docs }, async ({ bot, until, get }) => {
        const id = await bot({ meeting_url, recording_config: config, ...more });
        await until(id, 'done');
        status = (await get('/api/v1/audio_separate/')).body.results[0].status;
      });
      return [status?.code, status?.sub_code];
    };
    const meet = 'https://meet.google.com/abc-defg-hij';
    expect(await statusOn('https://acme.webex.com/meet/ada', 'current')).toEqual([
      'failed',
      'platform_not_supported',
    ]);
    expect(await statusOn(meet, 'current')).toEqual(['done', null]);
    expect(await statusOn(meet, '2025-06')).toEqual(['failed', 'platform_not_supported']);
    expect(await statusOn(ZOOM, '2025-06', { variant: { zoom: 'web' } })).toEqual([
      'failed',
      'variant_not_supported',
    ]);
    await receiver.close();
  });

  it('streams as many participants at a time as the platform does', async () => {
    const people = Array.from({ length: 12 }, (_, index) => ({ id: index + 1 }));
    const crowd = {
      duration: 1,
      participants: people,
      timeline: people.map(({ id }) => ({ at: 0, participant: id, action: 'unmute' as const })),
    };
    await withServer({ scenario: crowd }, async ({ bot, until, get }) => {
      const body = await until(
        await bot({
          meeting_url: 'https://teams.live.com/meet/93?p=x',
          recording_config: { audio_separate_raw: {} },
        }),
        'done',
      );
      const parts = await get(body.recordings[0].media_shortcuts.audio_separate.data.download_url);
      expect(parts.body).toHaveLength(9);
    });
  });
});

describe('recording commands', () => {
  it('pause closes the streams and resume opens them again, time going on', async () => {
    const receiver = await startReceiver({});
    await withHooks(async (app) => {
      await withServer(
        { speed: 1, delays: NO_DELAYS, scenario: LONG, webhookUrls: [app.url] },
        async ({ bot, post, until, get }) => {
          const id = await bot({
            recording_config: {
              audio_separate_raw: {},
              realtime_endpoints: [{ ...AUDIO_ENDPOINT, url: receiver.url }],
            },
          });
          await until(id, 'in_call_recording');
          await post('/_emulator/advance', { seconds: 2 });
          const paused = await post(`/api/v1/bot/${id}/pause_recording/`);
          expect(paused.body.recordings[0].status.code).toBe('paused');
          expect((await post(`/api/v1/bot/${id}/pause_recording/`)).status).toBe(400);
          await app.until('recording.paused');
          await post('/_emulator/advance', { seconds: 10 });
          const resumed = await post(`/api/v1/bot/${id}/resume_recording/`);
          expect(resumed.body.recordings[0].status.code).toBe('processing');
          await post('/_emulator/advance', { seconds: 2 });
          await post(`/api/v1/bot/${id}/leave_call/`);
          const done = await until(id, 'done');
          const { download_url } = done.recordings[0].media_shortcuts.audio_separate.data;
          const parts = (await get(download_url)).body;
          expect(parts).toHaveLength(2);
          const [first, second] = parts;
          expect(second.start_timestamp.relative).toBeGreaterThanOrEqual(first.duration + 10);
        },
      );
    });
    expect(receiver.stats().connectionsTotal).toBe(2);
    expect(receiver.stats().invalid).toBe(0);
    await receiver.close();
  });

  it('stop ends the recording and keeps the bot in the call, where it may record again', async () => {
    await withServer({ speed: 1, delays: NO_DELAYS, scenario: LONG }, async ({ bot, post, until }) => {
      const id = await bot({ recording_config: { start_recording_on: 'manual', audio_separate_raw: {} } });
      await until(id, 'in_call_not_recording');
      await post(`/api/v1/bot/${id}/start_recording/`);
      await until(id, 'in_call_recording');
      expect((await post(`/api/v1/bot/${id}/start_recording/`)).body.code).toBe('recording_already_started');
      const stopped = await post(`/api/v1/bot/${id}/stop_recording/`);
      expect(stopped.body.status_changes.at(-1).code).toBe('in_call_not_recording');
      await post(`/api/v1/bot/${id}/start_recording/`);
      await post('/_emulator/advance', { seconds: 1 });
      await post(`/api/v1/bot/${id}/leave_call/`);
      const { recordings } = await until(id, 'done');
      expect(recordings.map(({ status }: { status: { code: string } }) => status.code)).toEqual([
        'done',
        'done',
      ]);
    });
  });
});
