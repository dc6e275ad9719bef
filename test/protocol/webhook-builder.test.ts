import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  type BotStatusWebhook,
  isWebhookName,
  type MediaStatusWebhook,
  type RecordingStatusWebhook,
  type SdkUploadWebhook,
  WEBHOOK_NAMES,
  webhook,
  webhookSchema,
} from '../../src/protocol/index.ts';

describe('webhook', () => {
  it.each(WEBHOOK_NAMES)('makes %s as its schema has it, the same each time', (name) => {
    const made = webhook(name);
    expect(made.event).toBe(name);
    expect(webhookSchema.safeParse(made).error).toBeUndefined();
    expect(webhook(name)).toEqual(made);
  });

  it('has a name for everything of the schemas but for a bot that only waits', () => {
    expect(isWebhookName('bot.ready')).toBe(false);
    expect(isWebhookName('realtime_endpoint.deleted')).toBe(false);
    expect(WEBHOOK_NAMES).toHaveLength(53);
    expect(new Set(WEBHOOK_NAMES).size).toBe(53);
  });

  it('says what it is told, and leaves the rest as it was', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...WEBHOOK_NAMES.filter((name) => /^(recording|transcript)\./.test(name))),
        fc.option(fc.string()),
        fc.dictionary(fc.string({ maxLength: 5 }), fc.string(), { maxKeys: 3 }),
        fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') }),
        (name, subCode, metadata, updatedAt) => {
          const made = webhook(name, { subCode, bot: { metadata }, updatedAt });
          const plain = webhook(name);
          const { data, bot, ...rest } = made.data as RecordingStatusWebhook['data'];
          const {
            data: plainData,
            bot: plainBot,
            ...plainRest
          } = plain.data as RecordingStatusWebhook['data'];
          expect(rest).toEqual(plainRest);
          expect(bot).toEqual({ id: plainBot?.id, metadata });
          expect(data).toMatchObject({ code: plainData.code, sub_code: subCode });
          expect(Date.parse(String(data.updated_at))).toBe(updatedAt.getTime());
        },
      ),
    );
  });

  it('belongs to the same bot and recording in every message, and to none where there is none', () => {
    expect(webhook('bot.done').data.bot).toEqual(webhook('transcript.done').data.bot);
    expect(webhook('recording.done').data.recording).toEqual(webhook('sdk_upload.complete').data.recording);
    expect(webhook('recording.done', { bot: null }).data.bot).toBeNull();
    expect(webhook('sdk_upload.failed').data.recording).toBeNull();
    const resource = { id: 'one' };
    expect(webhook('audio_separate.done', { resource }).data).toMatchObject({
      audio_separate: { id: 'one', metadata: {} },
    });
  });

  it('names what cannot be made', () => {
    expect(() => webhook('bot.flying' as 'bot.done')).toThrow('The webhook "bot.flying" cannot be made.');
    expect(() => webhook('bot.done', { updatedAt: new Date(Number.NaN) })).toThrow('cannot be made');
  });

  it('is typed by its name', () => {
    expectTypeOf(webhook('bot.done').data).toEqualTypeOf<BotStatusWebhook['data']>();
    expectTypeOf(webhook('video_mixed.done')).toExtend<MediaStatusWebhook>();
    expectTypeOf(webhook('sdk_upload.failed').event).toEqualTypeOf<'sdk_upload.failed'>();
    expectTypeOf(webhook('sdk_upload.failed')).toExtend<SdkUploadWebhook>();
  });
});
