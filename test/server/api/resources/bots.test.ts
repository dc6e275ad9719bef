import { describe, expect, it } from 'vitest';
import { AUDIO_ENDPOINT, withServer, ZOOM } from '../../../support/mock.ts';

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

describe('the answer to a new bot', () => {
  it('has the defaults of what was not asked for, and no status yet', async () => {
    await withServer({ speed: 1 }, async ({ post }) => {
      const { body } = await post('/api/v1/bot/', {
        meeting_url: ZOOM,
        recording_config: { retention: null, participant_events: null, audio_mixed_mp3: {} },
      });
      expect(body.status_changes).toEqual([]);
      expect(body.recording_config).toMatchObject({
        retention: null,
        participant_events: null,
        audio_mixed_mp3: {},
        meeting_metadata: {},
        video_mixed_mp4: {},
        start_recording_on: 'participant_join',
        include_bot_in_recording: { audio: false },
      });
      const plain = (await post('/api/v1/bot/', { meeting_url: ZOOM })).body;
      expect(plain.recording_config.retention).toEqual({ type: 'timed', hours: 168 });
    });
  });
});

describe('bodies of real apps', () => {
  it('are taken', async () => {
    await withServer({ speed: 1 }, async ({ post }) => {
      const leave = async (automatic_leave: unknown) =>
        post('/api/v1/bot/', { meeting_url: ZOOM, automatic_leave });
      // As it was in v1.10: answered in the shape of today.
      expect((await leave({ everyone_left_timeout: 120 })).body.automatic_leave).toEqual({
        everyone_left_timeout: { timeout: 120 },
      });
      expect((await leave({ everyone_left_timeout: { timeout: 2, activate_after: 0 } })).status).toBe(201);
      expect((await leave({ everyone_left_timeout: 0 })).status).toBe(400);
      const { body } = await leave({ everyone_left_timeout: { timeout: 0 } });
      expect(body.automatic_leave.everyone_left_timeout.timeout).toHaveLength(1);
      const bot = await post('/api/v1/bot/', { meeting_url: ZOOM });
      const audio = { kind: 'mp3', b64_data: 'A'.repeat(1_835_008) };
      const answer = await post(`/api/v1/bot/${bot.body.id}/output_audio/`, audio);
      expect([answer.status, answer.body.b64_data]).toEqual([200, undefined]);
    });
  });
});
