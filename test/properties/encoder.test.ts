import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pcmSource } from '../../src/audio/source.ts';
import { Base64Cache, FrameEncoder, framePayload, Scratch, textFrame } from '../../src/emulator/encoder.ts';
import { audioSeparateRawDataSchema } from '../../src/protocol/audio-separate.ts';
import { ABSOLUTE_FORMATS, formatAbsolute, sampleToMicros } from '../../src/protocol/timestamp.ts';

const refArb = fc.record({
  id: fc.uuid(),
  metadata: fc.dictionary(fc.string({ maxLength: 5 }), fc.string({ maxLength: 5, unit: 'grapheme' }), {
    maxKeys: 3,
  }),
});
const participantArb = fc.record(
  {
    id: fc.nat(),
    name: fc.option(fc.string({ unit: 'binary', maxLength: 20 })),
    is_host: fc.option(fc.boolean()),
    platform: fc.option(fc.constantFrom('desktop', 'dial-in')),
    extra_data: fc.option(
      fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 1 }) as fc.Arbitrary<unknown>, {
        maxKeys: 2,
      }),
    ),
    email: fc.option(fc.emailAddress()),
  },
  { requiredKeys: ['id', 'name', 'is_host', 'platform', 'extra_data'] },
);

describe('the encoder', () => {
  it('writes the bytes that JSON.stringify gives, and the public schema reads them back', () => {
    fc.assert(
      fc.property(
        participantArb,
        fc.tuple(refArb, refArb, refArb, fc.option(refArb, { nil: undefined })),
        fc.int16Array({ maxLength: 2_000 }),
        fc.nat({ max: 86_400 * 16_000 }),
        fc.constantFrom(...ABSOLUTE_FORMATS),
        fc.boolean(),
        (
          participant,
          [realtimeEndpoint, audioSeparate, recording, bot],
          pcm,
          startSample,
          absoluteFormat,
          cached,
        ) => {
          const startMicros = Date.UTC(2025, 0, 29, 23, 49, 58) * 1_000 + 570_998;
          const encoder = new FrameEncoder(
            { participant, realtimeEndpoint, audioSeparate, recording, bot, startMicros, absoluteFormat },
            new Scratch(),
            cached ? new Base64Cache() : undefined,
          );
          const message = {
            event: 'audio_separate_raw.data',
            data: {
              data: {
                buffer: Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).toString('base64'),
                timestamp: {
                  relative: startSample / 16_000,
                  absolute: formatAbsolute(startMicros + sampleToMicros(startSample), absoluteFormat),
                },
                participant,
              },
              realtime_endpoint: realtimeEndpoint,
              audio_separate: audioSeparate,
              recording,
              bot,
            },
          };
          const source = pcmSource(pcm);
          // The second time from what is kept.
          for (let round = 0; round < 2; round++) {
            const frame = cached
              ? encoder.encodeAt(startSample, source, 0, pcm.length)
              : encoder.encode(startSample, pcm);
            const payload = framePayload(frame).toString('utf8');
            expect(payload).toBe(JSON.stringify(message));
            expect(audioSeparateRawDataSchema.parse(JSON.parse(payload))).toEqual(JSON.parse(payload));
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('writes a masked text frame of every length class', () => {
    for (const length of [0, 1, 125, 126, 65_535, 65_536, 200_000]) {
      const text = 'x'.repeat(length);
      const frame = textFrame(text);
      expect(frame[0]).toBe(0x81);
      expect(frame[1]! & 0x80).toBe(0x80);
      expect(framePayload(frame).toString()).toBe(text);
    }
  });

  it('gives a new buffer after a release, so that queued bytes stay as they are', () => {
    const scratch = new Scratch();
    const first = scratch.take(10);
    expect(scratch.take(10)).toBe(first);
    scratch.release();
    expect(scratch.take(10)).not.toBe(first);
  });
});
