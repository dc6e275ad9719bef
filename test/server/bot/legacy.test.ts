import { describe, expect, it } from 'vitest';
import { withHooks, withServer, ZOOM } from '../../support/mock.ts';

describe('what is left of API v1.10', () => {
  it('is served when it is asked for: a flat transcript, one status webhook, and the old fields of a new bot', async () => {
    await withHooks(async (app) => {
      await withServer({ legacy: true, webhookUrls: [app.url] }, async ({ get, bot, until, post }) => {
        const id = await bot({
          transcription_options: { provider: 'deepgram' },
          real_time_transcription: { destination_url: app.url, partial_results: false },
        });
        const { recording_config } = await until(id, 'done');
        expect(recording_config.transcript).toEqual({ provider: { deepgram: {} } });
        const { status, body } = await get(`/api/v1/bot/${id}/transcript/`);
        expect(status).toBe(200);
        expect(body[0].speaker).toBe('Ada');
        expect(body[0].words[0]).toEqual({
          text: 'One',
          start_timestamp: expect.any(Number),
          end_timestamp: expect.any(Number),
        });
        await app.until('transcript.data');
        await app.until('bot.done');
        const { data } = (await app.until('bot.status_change')).body;
        expect(data).toEqual({
          bot_id: id,
          status: { code: 'joining_call', sub_code: null, message: null, created_at: expect.any(String) },
        });
        expect((await get('/api/v1/bot/x/transcript/')).status).toBe(404);
        const bad = { meeting_url: ZOOM, real_time_transcription: { destination_url: 7 } };
        expect(await post('/api/v1/bot/', bad)).toMatchObject({
          status: 400,
          body: { real_time_transcription: { destination_url: ['Enter a valid URL.'] } },
        });
      });
    });
  });

  it('is not served otherwise, and whoever asks for it learns what has replaced it', async () => {
    const warnings: string[] = [];
    await withHooks(async (app) => {
      await withServer(
        {
          webhookUrls: [app.url],
          onActivity: ({ kind, text }) => {
            if (kind === 'warning') warnings.push(text);
          },
        },
        async ({ get, bot, until }) => {
          const id = await bot({ transcription_options: { provider: 'deepgram' } });
          const { recording_config } = await until(id, 'done');
          expect(recording_config.transcript).toBeNull();
          const { status, body } = await get(`/api/v1/bot/${id}/transcript/`);
          expect([status, body.code]).toEqual([501, 'not_emulated']);
          expect(body.detail).toContain('media_shortcuts.transcript');
          await app.until('bot.done');
        },
      );
      expect(app.hooks.map(({ body }) => body.event)).not.toContain('bot.status_change');
    });
    expect(warnings.join()).toContain('recording_config.transcript.provider has replaced it');
  });
});
