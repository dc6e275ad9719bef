/** The exported schemas describe what the mock sends and answers, and type an app's own calls. */
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  type Bot,
  type BotStatus,
  type BotStatusWebhook,
  botSchema,
  type CreateBot,
  createBotSchema,
  cursorSchema,
  type Recording,
  recordingSchema,
  statusWebhookSchema,
} from '../../../src/protocol/index.ts';
import { withHooks, withServer, ZOOM } from '../../support/mock.ts';

const REQUEST = {
  meeting_url: ZOOM,
  recording_config: {
    audio_separate_raw: {},
    audio_mixed_raw: {},
    transcript: { provider: { recallai_streaming: {} } },
    realtime_endpoints: [
      { type: 'websocket', url: 'ws://127.0.0.1:1/', events: ['audio_separate_raw.data'] },
    ],
  },
  metadata: { team: 'a' },
} satisfies CreateBot;

describe('the schemas of the REST API', () => {
  it('read every status webhook of a call', async () => {
    await withHooks(async (app) => {
      await withServer({ webhookUrls: [app.url], retryAttempts: 0 }, async ({ bot, until }) => {
        await until(await bot(REQUEST), 'done');
        await app.until('bot.done');
      });
      const events = app.hooks.map(({ body }) => {
        expect(statusWebhookSchema.safeParse(body).error, JSON.stringify(body)).toBeUndefined();
        return body.event;
      });
      expect(events).toEqual(
        expect.arrayContaining([
          'bot.in_call_recording',
          'recording.done',
          'realtime_endpoint.failed',
          'audio_separate.done',
          'transcript.done',
          'meeting_metadata.done',
        ]),
      );
    });
  });

  it('refuse a webhook whose parts do not belong together', () => {
    const updated_at = '2026-01-01T00:00:00.000000+00:00';
    const bot = { id: 'b', metadata: {} };
    const webhook = (event: string, code: string, more: object = {}) =>
      statusWebhookSchema.safeParse({ event, data: { data: { code, sub_code: null, updated_at }, ...more } })
        .success;
    expect(webhook('bot.done', 'done', { bot })).toBe(true);
    expect(webhook('bot.done', 'done')).toBe(false);
    expect(webhook('bot.flying', 'flying', { bot })).toBe(false);
    expect(webhook('audio_separate.done', 'done', { recording: bot, bot })).toBe(false);
    expect(webhook('audio_separate.done', 'done', { recording: bot, bot, audio_separate: bot })).toBe(true);
  });

  it('read what the mock answers, and take what it takes', async () => {
    await withServer({}, async ({ post, get, until }) => {
      expect(createBotSchema.parse(REQUEST)).toEqual(REQUEST);
      const created: Bot = botSchema.parse((await post('/api/v1/bot/', REQUEST)).body);
      await until(created.id, 'done');
      const { results } = cursorSchema(recordingSchema).parse((await get('/api/v1/recording/')).body);
      expectTypeOf(results).toEqualTypeOf<Recording[]>();
      expect(results[0]?.media_shortcuts.audio_separate?.format).toBe('raw');
    });
  });

  it('are types, too', () => {
    expectTypeOf<Bot['status_changes'][number]['code']>().toEqualTypeOf<BotStatus>();
    expectTypeOf<BotStatusWebhook['event']>().toEqualTypeOf<`bot.${BotStatus}`>();
    expectTypeOf<CreateBot['meeting_url']>().toEqualTypeOf<string>();
  });
});
