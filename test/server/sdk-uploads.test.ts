import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sdkUploadWebhookSchema } from '../../src/protocol/rest/other-webhooks.ts';
import { startReceiver } from '../../src/receiver/receiver.ts';
import { AUDIO_ENDPOINT, type Client, LONG, NO_DELAYS, withHooks, withServer } from '../support/mock.ts';
import { until } from '../support/until.ts';

const UPLOADS = '/api/v1/sdk_upload/';

async function uploadOf({ post }: Client, body: Record<string, unknown> = {}) {
  const { status, body: upload } = await post(UPLOADS, body);
  expect(status).toBe(201);
  return upload;
}

async function untilCode({ get }: Client, id: string, code: string) {
  let upload: Record<string, unknown> & { status?: { code: string } } = {};
  await until(
    async () => {
      upload = (await get(`${UPLOADS}${id}/`)).body;
      return upload.status?.code === code;
    },
    () => `an upload that is ${code}; it was ${JSON.stringify(upload.status)}`,
  );
  return upload;
}

describe('an SDK upload', () => {
  it('waits until somebody records with its token, and is a recording without a bot in the end', async () => {
    await withHooks(async (app) => {
      await withServer({ delays: NO_DELAYS, webhookUrls: [app.url] }, async (client) => {
        const upload = await uploadOf(client, {
          metadata: { user: 'ada' },
          recording_config: { transcript: { provider: { recallai_streaming: {} } }, audio_separate_raw: {} },
        });
        expect(upload).toMatchObject({
          status: { code: 'pending', sub_code: null },
          recording_id: null,
          metadata: { user: 'ada' },
          recording_config: { start_recording_on: 'participant_join' },
        });
        const started = await client.post(`/_emulator/sdk_uploads/${upload.upload_token}/start`);
        expect(started.body).toMatchObject({ sdk_upload_id: upload.id });
        const { recording_id } = await untilCode(client, upload.id, 'complete');

        const { body: recording } = await client.get(`/api/v1/recording/${recording_id}/`);
        expect(recording).toMatchObject({
          bot: null,
          desktop_sdk_upload: { id: upload.id, metadata: { user: 'ada' } },
          status: { code: 'done' },
        });
        const { transcript, audio_separate, video_mixed } = recording.media_shortcuts;
        const words = (await client.get(transcript.data.download_url)).body[0].words;
        expect(words.map(({ text }: { text: string }) => text).join(' ')).toBe('One two three four.');
        expect((await client.get(audio_separate.data.download_url)).body).toHaveLength(1);
        expect(video_mixed.status.code).toBe('done');

        await app.until('sdk_upload.complete');
        const told = app.hooks.map(({ body }) => body);
        const ofUpload = told.filter(({ event }) => event.startsWith('sdk_upload.'));
        expect(ofUpload.map(({ event }) => event)).toEqual(['sdk_upload.uploading', 'sdk_upload.complete']);
        for (const each of ofUpload) {
          expect(sdkUploadWebhookSchema.safeParse(each).success).toBe(true);
          expect(each.data).toMatchObject({
            recording: { id: recording_id },
            sdk_upload: { id: upload.id, metadata: { user: 'ada' } },
          });
          expect(each.data).not.toHaveProperty('bot');
        }
        expect(told.find(({ event }) => event === 'recording.done').data).toMatchObject({ bot: null });
        expect(told.filter(({ event }) => event.startsWith('bot.'))).toEqual([]);
      });
    });
  });

  it('sends real-time events without a bot and without a signature', async () => {
    const messages: Record<string, Record<string, unknown>>[] = [];
    const receiver = await startReceiver({ onEvent: (event) => void messages.push(event as never) });
    try {
      await withHooks(async (app) => {
        await withServer({ delays: NO_DELAYS, secret: 'whsec_b25l', webhookUrls: [] }, async (client) => {
          const upload = await uploadOf(client, {
            recording_config: {
              audio_separate_raw: {},
              realtime_endpoints: [
                { type: 'websocket', url: receiver.url, events: ['audio_separate_raw.data'] },
                { type: 'webhook', url: app.url, events: ['participant_events.join'] },
              ],
            },
          });
          await client.post(`/_emulator/sdk_uploads/${upload.id}/start`);
          await untilCode(client, upload.id, 'complete');
          const joined = await app.until('participant_events.join');
          expect(joined.body.data).not.toHaveProperty('bot');
          expect(joined.headers).not.toHaveProperty('webhook-signature');
        });
      });
      expect(messages.length).toBeGreaterThan(0);
      for (const { data } of messages) expect(data).not.toHaveProperty('bot');
    } finally {
      await receiver.close();
    }
  });

  it('is recorded once, paused, resumed and stopped by hand, with people who come and go', async () => {
    await withServer({ speed: 1, scenario: LONG, delays: NO_DELAYS }, async (client) => {
      const { id } = await uploadOf(client);
      const deed = async (what: string) => (await client.post(`/_emulator/sdk_uploads/${id}/${what}`)).status;
      expect(await deed('stop')).toBe(409);
      expect(await deed('start')).toBe(200);
      expect(await deed('start')).toBe(409);
      const path = `/_emulator/bots/${id}/participants`;
      expect((await client.post(path, { id: 900, name: 'Eve' })).status).toBe(201);
      expect(await deed('pause')).toBe(200);
      const { body } = await client.get('/_emulator/sdk_uploads');
      expect(body.sdk_uploads).toMatchObject([{ sdk_upload_id: id, status: 'recording', recording: false }]);
      expect(await deed('resume')).toBe(200);
      expect(await deed('stop')).toBe(200);
      const { recording_id } = await untilCode(client, id, 'complete');
      expect(await deed('fail')).toBe(409);
      const { media_shortcuts } = (await client.get(`/api/v1/recording/${recording_id}/`)).body;
      const people = await client.get(media_shortcuts.participant_events.data.participants_download_url);
      expect(people.body.map(({ name }: { name: string }) => name)).toContain('Eve');
      expect((await client.post(`${path}/900/mute`)).body.detail).toContain('SDK upload is complete');
      expect(client.server.stats().recordings).toBe(1);
    });
  });

  it('may fail, before and while something is recorded, and says so without a recording', async () => {
    await withHooks(async (app) => {
      const options = { speed: 1, scenario: LONG, delays: NO_DELAYS, webhookUrls: [app.url] };
      await withServer(options, async (client) => {
        const first = await uploadOf(client);
        const answer = await client.post(`/_emulator/sdk_uploads/${first.id}/fail`, { sub_code: 'no_disk' });
        expect(answer.body).toMatchObject({ status: 'failed', recording_id: null });
        const second = await uploadOf(client);
        await client.post(`/_emulator/sdk_uploads/${second.id}/start`);
        await client.post(`/_emulator/sdk_uploads/${second.id}/fail`);
        await until(() => app.hooks.filter(({ body }) => body.event === 'sdk_upload.failed').length === 2);
        const failed = app.hooks.filter(({ body }) => body.event === 'sdk_upload.failed');
        expect(failed.map(({ body }) => [body.data.data.sub_code, body.data.recording])).toEqual([
          ['no_disk', null],
          [null, null],
        ]);
        expect((await client.get(`${UPLOADS}${second.id}/`)).body.recording_id).not.toBeNull();
        expect((await client.post(`/_emulator/sdk_uploads/${first.id}/start`)).status).toBe(409);
      });
    });
  });

  it('is listed with filters, by either spelling, and is no bot', async () => {
    await withServer({ delays: NO_DELAYS }, async (client) => {
      const { get, post, send } = client;
      const first = await uploadOf(client, { metadata: { team: 'blue' } });
      const second = await uploadOf(client);
      const idsOf = async (query: string) =>
        (await get(`/api/v1/sdk-upload/${query}`)).body.results.map(({ id }: { id: string }) => id);
      expect(await idsOf('')).toEqual([second.id, first.id]);
      expect(await idsOf('?metadata__team=blue')).toEqual([first.id]);
      expect(await idsOf('?status_code=complete')).toEqual([]);
      expect((await get(`${UPLOADS}?status_code=eaten`)).status).toBe(400);
      expect((await get('/api/v1/bot/')).body.count).toBe(0);
      expect((await get(`/api/v1/bot/${first.id}/`)).status).toBe(404);
      expect((await post(`/api/v1/bot/${first.id}/leave_call/`)).status).toBe(404);
      expect((await send('PATCH', `${UPLOADS}${first.id}/`, {})).status).toBe(405);
      const bot = await client.bot();
      await client.until(bot, 'done');
      expect((await get(`${UPLOADS}${bot}/`)).status).toBe(404);
      await post(`/_emulator/sdk_uploads/${first.id}/start`);
      await untilCode(client, first.id, 'complete');
      const recordings = async (query: string) => (await get(`/api/v1/recording/?${query}`)).body.results;
      expect(await recordings('')).toHaveLength(2);
      expect(await recordings(`desktop_sdk_upload_id=${first.id}`)).toHaveLength(1);
      expect(await recordings(`bot_id=${first.id}`)).toHaveLength(0);
      expect(await recordings(`desktop_sdk_upload_id=${bot}`)).toHaveLength(0);
      const [recording] = await recordings(`desktop_sdk_upload_id=${first.id}`);
      expect((await send('DELETE', `/api/v1/recording/${recording.id}/`)).status).toBe(204);
      expect((await get(`/api/v1/recording/${recording.id}/`)).body.status.code).toBe('deleted');
    });
  });

  it('refuses what a bot may not ask for either', async () => {
    await withServer({}, async ({ post }) => {
      const config = { realtime_endpoints: [{ ...AUDIO_ENDPOINT, url: 'ws://a.example/audio?x=1' }] };
      const { status, body } = await post(UPLOADS, {
        recording_config: { ...config, audio_separate_raw: {} },
      });
      expect([status, Object.keys(body.recording_config)]).toEqual([400, ['realtime_endpoints']]);
      expect((await post(UPLOADS, { recording_config: { start_recording_on: 'never' } })).status).toBe(400);
      const named = await post(UPLOADS, { metadata: { recall_emulator_scenario: 'missing.yaml' } });
      expect(named.status).toBe(400);
      expect((await post('/_emulator/sdk_uploads/nobody/start')).status).toBe(404);
    });
  });

  it('survives a restart while it waits; one that was being recorded for has failed', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'sdk-upload-'));
    const importFile = join(dir, 'snapshot.json');
    try {
      const ids: string[] = [];
      await withServer({ speed: 1, scenario: LONG, delays: NO_DELAYS }, async (client) => {
        for (let count = 0; count < 2; count++) ids.push((await uploadOf(client)).id);
        await client.post(`/_emulator/sdk_uploads/${ids[0]}/start`);
        writeFileSync(importFile, JSON.stringify((await client.get('/_emulator/export')).body));
      });
      await withServer({ importFile, delays: NO_DELAYS }, async (client) => {
        const { body } = await client.get(`${UPLOADS}${ids[0]}/`);
        expect(body.status).toMatchObject({ code: 'failed', sub_code: 'emulator_restarted' });
        expect((await client.get(`/api/v1/recording/${body.recording_id}/`)).body.status.code).toBe('done');
        expect((await client.post(`/_emulator/sdk_uploads/${ids[1]}/start`)).status).toBe(200);
        await untilCode(client, ids[1]!, 'complete');
      });
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});
