/** The types of `recall-emulator/protocol`. */
import {
  type AudioSeparateRawData,
  audioSeparateRaw,
  audioSeparateRawDataSchema,
  createIds,
  formatAbsolute,
  type Participant,
  type ParticipantEventName,
  type RealtimeEvent,
  readRealtimeEvent,
  type SAMPLE_RATE,
  signRequest,
  type VerifyResult,
  verifyRequest,
  webhook,
} from 'recall-emulator/protocol';
import { expectTypeOf } from 'vitest';

const result = readRealtimeEvent(JSON.parse('{}'));
// @ts-expect-error: what has been read may be no event
result.event;
if (result.kind === 'event') {
  const { event } = result;
  expectTypeOf(event).toEqualTypeOf<RealtimeEvent>();
  if (event.event === 'audio_separate_raw.data') {
    expectTypeOf(event.data.data.buffer).toBeString();
    expectTypeOf(event.data.data.participant).toEqualTypeOf<Participant>();
    // A recording without a bot.
    expectTypeOf(event.data.bot?.id).toEqualTypeOf<string | undefined>();
    // @ts-expect-error: messages are read only
    event.data.data.buffer = '';
  }
}
expectTypeOf<AudioSeparateRawData>().toExtend<RealtimeEvent>();
expectTypeOf<Participant['is_host']>().toEqualTypeOf<boolean | null>();
expectTypeOf(audioSeparateRawDataSchema.parse({}).event).toEqualTypeOf<'audio_separate_raw.data'>();
expectTypeOf<'participant_events.join'>().toExtend<ParticipantEventName>();
expectTypeOf<typeof SAMPLE_RATE>().toEqualTypeOf<16_000>();

expectTypeOf(createIds('seed').uuid('recording')).toBeString();
formatAbsolute(0, 'z-millis');
// @ts-expect-error: no such format
formatAbsolute(0, 'iso');

const headers = signRequest({ secret: 'whsec_', id: 'msg_1', timestampSeconds: 0 });
expectTypeOf(verifyRequest({ secret: ['whsec_'], headers, nowSeconds: 0 })).toEqualTypeOf<VerifyResult>();
// @ts-expect-error: the time is told, not read
verifyRequest({ secret: 'whsec_', headers });

expectTypeOf(
  audioSeparateRaw({ participant: 100, pcm: new Int16Array(1) }),
).toEqualTypeOf<AudioSeparateRawData>();
expectTypeOf(webhook('bot.done').data.bot.id).toBeString();
// @ts-expect-error: there is no such webhook
webhook('bot.ready');
