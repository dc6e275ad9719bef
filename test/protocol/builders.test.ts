import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameEncoder, framePayload, Scratch } from '../../src/emulator/encoder.ts';
import {
  audioMixedRaw,
  audioSeparateRaw,
  PARTICIPANT_EVENT_NAMES,
  participantEvent,
  REALTIME_EVENT_NAMES,
  REALTIME_EVENTS,
  readRealtimeEvent,
  TRANSCRIPT_EVENT_NAMES,
  transcriptEvent,
  videoSeparatePng,
} from '../../src/protocol/index.ts';
import { participantArb, pcmArb } from '../../src/testing/arbitraries.ts';

const PNG = Buffer.from('89504e470d0a1a0a', 'hex');

/** One of each. */
const ALL = [
  audioSeparateRaw({ participant: 100, pcm: new Int16Array(1_600) }),
  audioMixedRaw({ pcm: new Uint8Array(6_400) }),
  videoSeparatePng({ participant: 100, png: PNG }),
  ...TRANSCRIPT_EVENT_NAMES.map((name) => transcriptEvent(name, { participant: 100, text: 'Hello there.' })),
  ...PARTICIPANT_EVENT_NAMES.map((name) =>
    participantEvent(name, {
      participant: { id: 100, name: 'Ada' },
      ...(name.endsWith('chat_message') ? { chat: { text: 'Hi' } } : {}),
    }),
  ),
];

describe('the builders of real-time messages', () => {
  it('make every event, as the strict schema of its line has it', () => {
    expect(ALL.map(({ event }) => event).sort()).toEqual([...REALTIME_EVENT_NAMES].sort());
    for (const made of ALL) {
      const { strict } = REALTIME_EVENTS.find(({ name }) => name === made.event)!;
      expect(strict.safeParse(made).error, made.event).toBeUndefined();
      expect(readRealtimeEvent(made)).toMatchObject({ kind: 'event' });
    }
  });

  it('write audio byte for byte as meetings do', () => {
    fc.assert(
      fc.property(
        participantArb(),
        pcmArb(),
        fc.nat(16_000 * 3_600),
        fc.option(fc.record({ id: fc.uuid() })),
        (participant, pcm, sample, bot) => {
          const startTime = new Date('2026-03-01T08:00:00.250Z');
          const made = audioSeparateRaw({ participant, pcm, at: sample / 16_000, startTime, bot });
          const { realtime_endpoint, audio_separate, recording } = made.data;
          const encoder = new FrameEncoder(
            {
              participant,
              realtimeEndpoint: realtime_endpoint,
              audioSeparate: audio_separate,
              recording,
              bot: bot === null ? null : { ...bot, metadata: {} },
              startMicros: startTime.getTime() * 1_000,
              absoluteFormat: 'micros-offset',
            },
            new Scratch(),
          );
          expect(JSON.parse(framePayload(encoder.encode(sample, pcm)).toString())).toEqual(
            JSON.parse(JSON.stringify(made)),
          );
        },
      ),
    );
  });

  it('give each word its time, from the given moment on', () => {
    const { words } = transcriptEvent('transcript.data', { participant: 100, at: 2, text: ' One  two ' }).data
      .data;
    expect(words).toEqual([
      {
        text: 'One',
        start_timestamp: { relative: 2, absolute: '2026-01-29T10:00:02.000000+00:00' },
        end_timestamp: { relative: 2.3, absolute: '2026-01-29T10:00:02.300000+00:00' },
      },
      {
        text: 'two',
        start_timestamp: { relative: 2.3, absolute: '2026-01-29T10:00:02.300000+00:00' },
        end_timestamp: { relative: 2.6, absolute: '2026-01-29T10:00:02.600000+00:00' },
      },
    ]);
  });

  it('take what is known of resources and participants, and make up the rest', () => {
    const { data } = audioSeparateRaw({
      participant: { id: 7, name: 'Bo', is_host: true },
      pcm: new Int16Array(1),
      recording: { id: 'r1' },
      realtimeEndpoint: { metadata: { a: 'b' } },
      artifact: { id: 'a1' },
      bot: null,
      absoluteFormat: 'z-millis',
    });
    expect(data).toMatchObject({
      data: {
        participant: { id: 7, name: 'Bo', is_host: true, platform: 'desktop', extra_data: {} },
        timestamp: { relative: 0, absolute: '2026-01-29T10:00:00.000Z' },
      },
      recording: { id: 'r1', metadata: {} },
      realtime_endpoint: { metadata: { a: 'b' } },
      audio_separate: { id: 'a1' },
      bot: null,
    });
  });

  it.each([
    [() => audioSeparateRaw({ participant: 1.5, pcm: new Int16Array(1) }), 'not a whole number'],
    [() => audioMixedRaw({ pcm: new Uint8Array(3) }), '3 bytes are not whole 16-bit samples'],
    [() => audioMixedRaw({ pcm: new Int16Array(1), at: -1 }), 'has no position of -1 s'],
    [() => audioMixedRaw({ pcm: new Int16Array(1), at: Number.NaN }), 'has no position of NaN s'],
    [() => participantEvent('participant_events.chat_message', { participant: 1 }), 'has no text'],
    [
      () => participantEvent('participant_events.join', { participant: 1, chat: { text: 'Hi' } }),
      'participant_events.join has no text',
    ],
    [
      () => transcriptEvent('transcript.final' as 'transcript.data', { participant: 1, text: 'Hi' }),
      'There is no such event: transcript.final',
    ],
  ])('refuse what cannot be (%#)', (make, message) => {
    expect(make).toThrow(
      expect.objectContaining({ code: 'invalid_message', message: expect.stringContaining(message) }),
    );
  });
});
