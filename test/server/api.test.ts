import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startReceiver } from '../../src/receiver/receiver.ts';
import { meeting } from '../../src/scenario/builder.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { scenarioToYaml } from '../../src/scenario/stringify.ts';
import { createMock } from '../../src/server/server.ts';
import { withFolder } from '../support/cli.ts';
import { fullConfig, SHORT, withHooks, withServer, ZOOM } from '../support/mock.ts';

const AUDIO_ENDPOINT = { type: 'websocket', url: 'ws://127.0.0.1:1/', events: ['audio_separate_raw.data'] };
const NO_DELAYS = {
  joiningSeconds: 0,
  waitingRoomSeconds: 0,
  notRecordingSeconds: 0,
  permissionSeconds: 0,
  doneSeconds: 0,
};
/** Long enough for a test in real time to do what it wants. */
const LONG = meeting({ duration: 3_000 })
  .participant({ id: 100, name: 'Ada' }, (ada) => ada.unmute(0))
  .participant({ id: 200, name: 'Bo' })
  .build();

describe('creating a bot', () => {
  it('needs a meeting URL of a known platform', async () => {
    await withServer({}, async ({ post }) => {
      expect(await post('/api/v1/bot/', {})).toMatchObject({
        status: 400,
        body: { meeting_url: ['This field is required.'] },
      });
      const unknown = await post('/api/v1/bot/', { meeting_url: 'https://example.com/j/1' });
      expect(unknown.status).toBe(400);
      expect(unknown.body.meeting_url[0]).toContain('supported platform');
    });
  });

  it.each([
    [
      { realtime_endpoints: [AUDIO_ENDPOINT] },
      ['realtime_endpoints', 0, 'events', '0'],
      'audio_separate_raw',
    ],
    [
      { audio_separate_raw: {}, realtime_endpoints: [{ ...AUDIO_ENDPOINT, url: 'https://a.example/' }] },
      ['realtime_endpoints', 0, 'url'],
      'ws://',
    ],
    [
      {
        audio_separate_raw: {},
        realtime_endpoints: [{ ...AUDIO_ENDPOINT, type: 'webhook', url: 'https://a.example/' }],
      },
      ['realtime_endpoints', 0, 'events', '0'],
      'only available on websocket',
    ],
    [
      { realtime_endpoints: [{ ...AUDIO_ENDPOINT, events: ['nonsense'] }] },
      ['realtime_endpoints', 0, 'events', '0'],
      '"nonsense" is not a valid choice.',
    ],
    [{ realtime_endpoints: 7 }, ['realtime_endpoints'], 'Expected a list of items but got type "int".'],
    [{ audio_separate_raw: 'yes' }, ['audio_separate_raw'], 'Expected a dictionary, but got str.'],
  ])('refuses %j with the path of the mistake', async (recording_config, path, message) => {
    await withServer({}, async ({ post }) => {
      const { status, body } = await post('/api/v1/bot/', { meeting_url: ZOOM, recording_config });
      expect(status).toBe(400);
      const found = (path as (string | number)[]).reduce((node, key) => node?.[key], body.recording_config);
      expect(found?.[0], JSON.stringify(body)).toContain(message);
    });
  });

  it('lists good entries of a list as empty objects before the bad one', async () => {
    await withServer({}, async ({ post }) => {
      const good = { ...AUDIO_ENDPOINT, events: ['participant_events.join'] };
      const { body } = await post('/api/v1/bot/', {
        meeting_url: ZOOM,
        recording_config: { realtime_endpoints: [good, { ...good, url: 'nowhere' }] },
      });
      expect(body.recording_config.realtime_endpoints[0]).toEqual({});
      expect(body.recording_config.realtime_endpoints[1].url).toHaveLength(1);
    });
  });

  it('echoes what is not emulated, and says so once', async () => {
    const said: string[] = [];
    await withServer({ onActivity: ({ text }) => said.push(text) }, async ({ post }) => {
      const body = { meeting_url: ZOOM, output_media: { camera: { kind: 'webpage' } }, something_new: 1 };
      expect((await post('/api/v1/bot/', body)).body.output_media).toEqual(body.output_media);
      await post('/api/v1/bot/', body);
    });
    expect(said.filter((text) => text.startsWith('accepted, not emulated'))).toEqual([
      'accepted, not emulated: output_media, something_new',
    ]);
  });

  it('answers with or without the trailing slash, with the documented defaults', async () => {
    await withServer({}, async ({ post, get }) => {
      const { body, status } = await post('/api/v1/bot', { meeting_url: ZOOM });
      expect(status).toBe(201);
      expect(body).toMatchObject({
        bot_name: 'Meeting Notetaker',
        meeting_url: { meeting_id: '1234567890', meeting_password: 'abc', platform: 'zoom' },
        join_at: null,
      });
      for (const path of [`/api/v1/bot/${body.id}`, `/api/v1/bot/${body.id}/`])
        expect((await get(path)).status).toBe(200);
    });
  });
});

describe('API keys', () => {
  it('are taken behind Token or bare, and asked for', async () => {
    await withServer({ apiKey: 'right' }, async ({ get }) => {
      expect((await get('/api/v1/bot/', { Authorization: 'Token right' })).status).toBe(200);
      expect((await get('/api/v1/bot/', { Authorization: 'right' })).status).toBe(200);
      expect(await get('/api/v1/bot/', { Authorization: 'Token wrong' })).toMatchObject({
        status: 401,
        body: { code: 'authentication_failed' },
      });
      expect(await get('/api/v1/bot/', { Authorization: '' })).toMatchObject({
        status: 401,
        body: { code: 'not_authenticated' },
      });
    });
  });
});

describe('idempotency keys', () => {
  it('give the first answer again, a 507 included', async () => {
    await withServer({ faults: ['create_bot=507:1'] }, async ({ post, get }) => {
      const create = (key: string) => post('/api/v1/bot/', { meeting_url: ZOOM }, { 'Idempotency-Key': key });
      expect((await create('a')).status).toBe(507);
      expect((await create('a')).status).toBe(507);
      const first = await create('b');
      expect(first.status).toBe(201);
      expect((await create('b')).body).toEqual(first.body);
      expect((await get('/api/v1/bot/')).body.count).toBe(1);
    });
  });

  it('are forgotten after an hour', async () => {
    await withServer({ speed: 1 }, async ({ post, get }) => {
      const create = () => post('/api/v1/bot/', { meeting_url: ZOOM }, { 'Idempotency-Key': 'a' });
      const first = await create();
      await post('/_emulator/advance', { seconds: 3_500 });
      expect((await create()).body.id).toBe(first.body.id);
      await post('/_emulator/advance', { seconds: 200 });
      expect((await create()).body.id).not.toBe(first.body.id);
      expect((await get('/api/v1/bot/')).body.count).toBe(2);
    });
  });

  it('conflict while the first is in flight', async () => {
    await withServer({}, async ({ post }) => {
      const answers = await Promise.all(
        [1, 2].map(() =>
          post(
            '/api/v1/bot/',
            { meeting_url: ZOOM, metadata: { recall_emulator_scenario: 'standup' } },
            { 'Idempotency-Key': 'same' },
          ),
        ),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    });
  });
});

describe('faults on demand', () => {
  it('answer so many times, with Retry-After where the real API has it', async () => {
    await withServer({ faults: ['create_bot=507:2', 'list_bots=429'] }, async ({ post, get }) => {
      const statuses = [];
      for (let n = 0; n < 3; n++) statuses.push((await post('/api/v1/bot/', { meeting_url: ZOOM })).status);
      expect(statuses).toEqual([507, 507, 201]);
      const limited = await get('/api/v1/bot/');
      expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '2']);
    });
  });

  it('come by the control API and by the scenario, too', async () => {
    await withServer(
      { scenario: { ...SHORT, bot: { faults: ['create_bot=402'] } } },
      async ({ post, send }) => {
        await post('/_emulator/faults', { operation: 'create_bot', status: 502 });
        expect((await post('/api/v1/bot/', { meeting_url: ZOOM })).status).toBe(502);
        expect((await post('/api/v1/bot/', { meeting_url: ZOOM })).status).toBe(402);
        expect((await post('/api/v1/bot/', { meeting_url: ZOOM })).status).toBe(201);
        expect((await post('/_emulator/faults', { operation: 'nothing', status: 502 })).status).toBe(400);
        expect((await send('DELETE', '/_emulator/faults')).status).toBe(204);
      },
    );
  });
});

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

describe('downloads', () => {
  it('equal what the receiver got, for audio, events, words and the mix', async () => {
    const messages: { event: string; data: Record<string, never> }[] = [];
    const receiver = await startReceiver({ onEvent: (event) => messages.push(event as never) });
    await withHooks(async (app) => {
      await withServer(
        { scenario: 'fixtures/standup.yaml', connections: 'per-endpoint' },
        async ({ bot, until, get, url }) => {
          const id = await bot({ recording_config: fullConfig(receiver.url, app.url) });
          const { recordings } = await until(id, 'done');
          const shortcuts = recordings[0].media_shortcuts;
          const of = (name: string) =>
            messages.filter(({ event }) => event === name).map(({ data }) => data as never);

          for (const part of (await get(shortcuts.audio_separate.data.download_url)).body) {
            const raw = Buffer.from(await (await fetch(part.download_url)).arrayBuffer());
            const end = part.start_timestamp.relative + part.duration;
            const received = of('audio_separate_raw.data')
              .map(
                ({ data }: never) =>
                  data as { buffer: string; participant: { id: number }; timestamp: { relative: number } },
              )
              .filter(
                ({ participant, timestamp }) =>
                  participant.id === part.participant.id &&
                  timestamp.relative >= part.start_timestamp.relative &&
                  timestamp.relative < end,
              )
              .map(({ buffer }) => Buffer.from(buffer, 'base64'));
            expect(Buffer.concat(received).equals(raw)).toBe(true);
            const wav = Buffer.from(
              await (await fetch(part.download_url.replace('.raw?', '.wav?'))).arrayBuffer(),
            );
            expect(wav.subarray(44).equals(raw)).toBe(true);
          }
          const mixed = Buffer.from(
            await (await fetch(shortcuts.audio_mixed.data.download_url)).arrayBuffer(),
          );
          const mixedReceived = of('audio_mixed_raw.data').map(({ data }: never) =>
            Buffer.from((data as { buffer: string }).buffer, 'base64'),
          );
          expect(Buffer.concat(mixedReceived).equals(mixed)).toBe(true);

          const transcript = (await get(shortcuts.transcript.data.download_url)).body;
          expect(of('transcript.data').map(({ data }: never) => data)).toEqual(transcript);
          const said = transcript.map(({ words }: { words: { text: string }[] }) =>
            words.map(({ text }) => text).join(' '),
          );
          const { scenario } = await loadScenario('fixtures/standup.yaml');
          const texts = scenario.timeline.flatMap((action) =>
            action.action === 'speak' ? [action.text] : [],
          );
          expect([...said].sort()).toEqual(texts.sort());

          const events = (await get(shortcuts.participant_events.data.participant_events_download_url)).body;
          const received = messages
            .filter(({ event }) => event.startsWith('participant_events.'))
            .map(({ event, data }) => ({
              action: event.slice(19),
              ...(data as unknown as { data: object }).data,
            }));
          expect(received).toEqual(events.map(({ id: _, ...event }: { id: string }) => event));
          expect(
            app.hooks
              .map(({ body }) => body.event)
              .filter((event) => event.startsWith('participant_events.')),
          ).toEqual(received.map(({ action }) => `participant_events.${action}`));
          const people = (await get(shortcuts.participant_events.data.participants_download_url)).body;
          expect(people.map(({ name }: { name: string | null }) => name)).toEqual([
            'Ada Moreno',
            'Bo Lindqvist',
            null,
          ]);

          const { pathname } = new URL(shortcuts.transcript.data.download_url);
          expect((await get(`${url}${pathname}?expires=9999999999&token=${'0'.repeat(64)}`)).status).toBe(
            403,
          );
        },
      );
    });
    expect(receiver.stats().invalid).toBe(0);
    await receiver.close();
  });

  it.each([
    [{ type: 'timed', hours: 2 }, true, false],
    [undefined, true, true],
    [{ type: 'forever' }, true, true],
    // Nothing is kept.
    [null, false, false],
  ])('are there for as long as retention %j says', async (retention, atFirst, later) => {
    await withServer({}, async ({ bot, until, get, post }) => {
      const id = await bot({ recording_config: { audio_separate_raw: {}, retention } });
      const urlOf = (body: Awaited<ReturnType<typeof until>>): string | null =>
        body.recordings[0].media_shortcuts.audio_separate.data.download_url;
      const url = urlOf(await until(id, 'done'));
      expect(url !== null).toBe(atFirst);
      if (url !== null) expect((await get(url)).status).toBe(200);
      await post('/_emulator/advance', { seconds: 3 * 3_600 });
      expect(urlOf((await get(`/api/v1/bot/${id}/`)).body) !== null).toBe(later);
      // A URL from before is good for six hours, and leads to what is kept only.
      if (url !== null) expect((await get(url)).status).toBe(later ? 200 : 404);
    });
  });

  it('expire, and are gone when the media is deleted', async () => {
    await withServer({ downloadTtlSeconds: 60 }, async ({ bot, until, get, post }) => {
      const id = await bot({ recording_config: { audio_separate_raw: {} } });
      const { recordings } = await until(id, 'done');
      const url = recordings[0].media_shortcuts.audio_separate.data.download_url;
      expect((await get(url)).status).toBe(200);
      await post('/_emulator/advance', { seconds: 120 });
      expect((await get(url)).status).toBe(403);
      const deleted = await post(`/api/v1/bot/${id}/delete_media/`);
      expect(deleted.body.recordings[0].status.code).toBe('deleted');
      expect(deleted.body.recordings[0].media_shortcuts.audio_separate.data.download_url).toBeNull();
    });
  });
});

describe('choosing the meeting', () => {
  it('goes by metadata, then by rules, then by the default, then generates one that is the same for the same URL', async () => {
    await withFolder(async (dir) => {
      const rules = join(dir, 'rules.yaml');
      writeFileSync(join(dir, 'team.yaml'), scenarioToYaml({ ...SHORT, title: 'Team' }));
      writeFileSync(rules, '- { meeting_url: "*zoom.us/j/1*", scenario: team.yaml }\n');
      const titleOf = async (options: Parameters<typeof withServer>[0], body: Record<string, unknown>) => {
        let title: string | undefined;
        await withServer({ generatedSeconds: 5, ...options }, async ({ bot, until }) => {
          const { recordings } = await until(await bot(body), 'done');
          title = recordings[0].media_shortcuts.meeting_metadata.data.title;
        });
        return title;
      };
      const named = { metadata: { recall_emulator_scenario: 'rapid-toggle' } };
      const other = { meeting_url: 'https://zoom.us/j/999' };
      expect(await titleOf({ rules }, named)).not.toBe('Team');
      expect(await titleOf({ rules }, {})).toBe('Team');
      expect(await titleOf({ rules }, other)).toBe('Short');
      const generated = await titleOf({ scenario: undefined }, other);
      expect(generated).toMatch(/^Generated meeting/);
      expect(await titleOf({ scenario: undefined }, other)).toBe(generated);
      await expect(createMock({ rules: join(dir, 'nothing.yaml') })).rejects.toMatchObject({
        code: 'rules_unreadable',
      });
    });
  });
});

describe('safety', () => {
  it('refuses to listen beyond this machine without a key and named targets', async () => {
    await expect(createMock({ host: '0.0.0.0' })).rejects.toMatchObject({ code: 'api_key_needed' });
    await expect(createMock({ host: '0.0.0.0', apiKey: 'k' })).rejects.toMatchObject({
      code: 'allow_target_needed',
    });
  });

  it('dials only what it may', async () => {
    await withServer(
      { allowTargets: ['receiver.example'], retryAttempts: 0 },
      async ({ bot, until, get }) => {
        const id = await bot({
          recording_config: { audio_separate_raw: {}, realtime_endpoints: [{ ...AUDIO_ENDPOINT }] },
        });
        await until(id, 'done');
        expect((await get('/api/v1/realtime_endpoint/')).body.results[0].status.code).toBe('failed');
      },
    );
  });

  it('knows its own name, and keeps other pages away from the control API', async () => {
    const mock = await createMock({ scenario: SHORT });
    const ask = async (path: string, headers: Record<string, string>) =>
      (
        await mock.fetch(
          new Request(`http://127.0.0.1${path}`, { headers: { Authorization: 'k', ...headers } }),
        )
      ).status;
    expect(await ask('/api/v1/bot/', { Host: 'evil.example' })).toBe(421);
    expect(await ask('/api/v1/bot/', { Host: 'localhost:8787' })).toBe(200);
    expect(await ask('/_emulator/sessions', { Origin: 'https://evil.example' })).toBe(403);
    // A page on another port of this machine is another page.
    expect(await ask('/_emulator/sessions', { Origin: 'http://localhost:3000' })).toBe(403);
    expect(await ask('/_emulator/sessions', { Origin: 'http://127.0.0.1' })).toBe(200);
    await mock.close();
  });

  it('reads no more than two megabytes', async () => {
    await withServer({}, async ({ post }) => {
      const answer = await post('/api/v1/bot/', { meeting_url: ZOOM, padding: 'x'.repeat(2 * 1024 * 1024) });
      expect(answer.status).toBe(413);
    });
  });

  it('plays only scenarios below its folder when metadata names them', async () => {
    await withServer({ scenarioDir: 'fixtures' }, async ({ post }) => {
      const create = (name: string) =>
        post('/api/v1/bot/', { meeting_url: ZOOM, metadata: { recall_emulator_scenario: name } });
      expect((await create('rapid-toggle')).status).toBe(201);
      expect((await create('standup.yaml')).status).toBe(201);
      for (const name of ['../package.json', '/etc/passwd', 'nothing.yaml'])
        expect((await create(name)).status, name).toBe(400);
    });
  });
});
