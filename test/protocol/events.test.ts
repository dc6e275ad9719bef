import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ABSOLUTE_FORMATS,
  audioMixedRawDataStrictSchema,
  audioSeparateRawDataSchema,
  audioSeparateRawDataStrictSchema,
  createIds,
  formatAbsolute,
  PARTICIPANT_EVENT_NAMES,
  parseAbsolute,
  participantEventStrictSchemas,
  REALTIME_EVENT_NAMES,
  REALTIME_EVENTS,
  readRealtimeEvent,
  realtimeEventJsonSchema,
  sampleToMicros,
  TRANSCRIPT_EVENT_NAMES,
  transcriptEventStrictSchema,
} from '../../src/protocol/index.ts';
import { realtimeEventArb } from '../../src/testing/arbitraries.ts';

const ref = (id: string) => ({ id, metadata: {} });
const participant = { id: 100, name: 'Ada Moreno', is_host: true, platform: 'desktop', extra_data: {} };
const timestamp = { relative: 12.34, absolute: '2025-01-29T23:49:58.570998+00:00' };
const envelope = { realtime_endpoint: ref('e'), recording: ref('r'), bot: ref('b') };
const audio = (changes: object = {}) => ({
  event: 'audio_separate_raw.data',
  data: {
    data: { buffer: 'AAABAA==', timestamp, participant, ...changes },
    audio_separate: ref('a'),
    ...envelope,
  },
});

describe('the table of events', () => {
  it('has every event once, of which webhooks carry those without media', () => {
    expect(new Set(REALTIME_EVENT_NAMES).size).toBe(REALTIME_EVENTS.length);
    for (const { name, transports } of REALTIME_EVENTS) {
      expect(transports).toContain('websocket');
      expect((transports as readonly string[]).includes('webhook'), name).toBe(!/raw|video/.test(name));
    }
  });

  it('has schemas that take the event of their line and no other; the strict one takes nothing unknown', () => {
    fc.assert(
      fc.property(
        realtimeEventArb(),
        fc.constantFrom(...REALTIME_EVENTS),
        (event, { name, schema, strict }) => {
          const longer = { ...event, data: { ...event.data, new_field: 1 } };
          expect(schema.safeParse(longer).success).toBe(event.event === name);
          expect(strict.safeParse(event).success).toBe(event.event === name);
          expect(strict.safeParse(longer).success).toBe(false);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('names the media object that stands in the message', () => {
    fc.assert(
      fc.property(realtimeEventArb(), ({ event, data }) => {
        expect(data).toHaveProperty(REALTIME_EVENTS.find(({ name }) => name === event)!.artifact.ref);
      }),
    );
  });
});

describe('audio_separate_raw.data', () => {
  it('is read in both generations of the documentation', () => {
    expect(audioSeparateRawDataSchema.safeParse(audio()).success).toBe(true);
    expect(
      audioSeparateRawDataSchema.safeParse(audio({ participant: { ...participant, email: null } })).success,
    ).toBe(true);
    const withoutBot = audio();
    for (const bot of [null, undefined]) {
      expect(
        audioSeparateRawDataSchema.safeParse({ ...withoutBot, data: { ...withoutBot.data, bot } }).success,
      ).toBe(true);
    }
  });

  it('may have a participant of whom the platform says nothing', () => {
    const message = audio({
      participant: { id: 100, name: null, is_host: null, platform: null, extra_data: null },
    });
    expect(readRealtimeEvent(message)).toEqual({ kind: 'event', event: message });
    expect(audioSeparateRawDataStrictSchema.safeParse(message).success).toBe(true);
  });

  it('keeps unknown fields when read, and refuses them when written', () => {
    const message = audio({ codec: 'new' });
    expect(audioSeparateRawDataSchema.parse(message)).toEqual(message);
    expect(audioSeparateRawDataStrictSchema.safeParse(message).success).toBe(false);
    expect(audioSeparateRawDataStrictSchema.safeParse(audio()).success).toBe(true);
  });

  it.each<[string, object, string, string?]>([
    ['base64 with a character that is none', { buffer: 'AA$B' }, 'data.data.buffer', 'not standard padded'],
    ['base64 without padding', { buffer: 'AAABAA' }, 'data.data.buffer', 'not standard padded'],
    ['an odd number of bytes', { buffer: 'AAAA' }, 'data.data.buffer', 'an odd number of bytes'],
    [
      'a relative time before the start',
      { timestamp: { ...timestamp, relative: -1 } },
      'data.data.timestamp.relative',
    ],
    [
      'an absolute time that is none',
      { timestamp: { ...timestamp, absolute: 'now' } },
      'data.data.timestamp.absolute',
    ],
    [
      'a participant id that is text',
      { participant: { ...participant, id: '100' } },
      'data.data.participant.id',
    ],
  ])('is not valid with %s', (_what, changes, path, problem = '') => {
    const result = readRealtimeEvent(audio(changes));
    expect(result.kind).toBe('invalid');
    expect(result.kind === 'invalid' && result.problems[0]?.location?.path).toBe(path);
    expect(result.kind === 'invalid' && result.problems[0]?.message).toContain(problem);
  });
});

describe('participant_events', () => {
  it.each(PARTICIPANT_EVENT_NAMES)('%s is read and written', (event) => {
    const data = event === 'participant_events.chat_message' ? { text: 'Hello', to: 'everyone' } : null;
    const message = {
      event,
      data: { data: { participant, timestamp, data }, participant_events: ref('p'), ...envelope },
    };
    expect(readRealtimeEvent(message)).toEqual({ kind: 'event', event: message });
    expect(participantEventStrictSchemas[event].safeParse(message).success).toBe(true);
    const longer = { ...message, data: { ...message.data, recording: { ...ref('r'), status: 'done' } } };
    expect(readRealtimeEvent(longer)).toEqual({ kind: 'event', event: longer });
    expect(participantEventStrictSchemas[event].safeParse(longer).success).toBe(false);
  });

  it('chat messages need their text', () => {
    const message = {
      event: 'participant_events.chat_message',
      data: { data: { participant, timestamp, data: null }, participant_events: ref('p'), ...envelope },
    };
    expect(readRealtimeEvent(message).kind).toBe('invalid');
  });
});

describe('audio_mixed_raw.data', () => {
  it('is read and written', () => {
    const mixed = (changes: object = {}) => ({
      event: 'audio_mixed_raw.data',
      data: { data: { buffer: 'AAABAA==', timestamp, ...changes }, audio_mixed: ref('m'), ...envelope },
    });
    expect(readRealtimeEvent(mixed())).toEqual({ kind: 'event', event: mixed() });
    expect(audioMixedRawDataStrictSchema.safeParse(mixed()).success).toBe(true);
    expect(audioMixedRawDataStrictSchema.safeParse(mixed({ participant })).success).toBe(false);
    expect(readRealtimeEvent(mixed({ buffer: 'AAAA' })).kind).toBe('invalid');
  });
});

describe('transcripts', () => {
  const said = (event: string, start: object, end: object | null) => ({
    event,
    data: {
      data: { words: [{ text: 'Hello', start_timestamp: start, end_timestamp: end }], participant },
      transcript: ref('t'),
      ...envelope,
    },
  });

  it.each(TRANSCRIPT_EVENT_NAMES)('%s is read and written with absolute times and without', (event) => {
    for (const message of [
      said(event, { relative: 1 }, null),
      said(event, { relative: 1 }, { relative: 1.5 }),
      said(event, timestamp, { ...timestamp, relative: 13 }),
    ]) {
      expect(readRealtimeEvent(message)).toEqual({ kind: 'event', event: message });
      expect(transcriptEventStrictSchema.safeParse(message).success).toBe(true);
    }
  });

  it('have no word before the start, and no absolute time that is none', () => {
    for (const wrong of [{ relative: -1 }, { relative: 1, absolute: 'now' }, {}]) {
      expect(readRealtimeEvent(said('transcript.data', wrong, null)).kind).toBe('invalid');
      expect(readRealtimeEvent(said('transcript.data', timestamp, wrong)).kind).toBe('invalid');
    }
  });

  it('are written without fields that Recall does not send', () => {
    const good = said('transcript.data', { relative: 1 }, { relative: 2 });
    for (const message of [
      said('transcript.data', { relative: 1, sample: 16_000 }, null),
      said('transcript.data', { relative: 1 }, { relative: 2, sample: 32_000 }),
      { ...good, data: { ...good.data, bot: { ...ref('b'), name: 'Bot' } } },
    ]) {
      expect(readRealtimeEvent(message).kind).toBe('event');
      expect(transcriptEventStrictSchema.safeParse(message).success).toBe(false);
    }
    expect(transcriptEventStrictSchema.safeParse(good).success).toBe(true);
  });
});

describe('events of other names', () => {
  it('are unknown, not invalid', () => {
    expect(readRealtimeEvent({ event: 'transcript.provider_data', data: {} })).toEqual({
      kind: 'unknown',
      name: 'transcript.provider_data',
    });
  });

  it('never make the reader throw', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => void readRealtimeEvent(value)),
      { numRuns: 500 },
    );
  });
});

describe('the JSON Schema', () => {
  it('has every event', () => {
    const text = JSON.stringify(realtimeEventJsonSchema());
    const names = ['audio_separate_raw.data', 'audio_mixed_raw.data', ...TRANSCRIPT_EVENT_NAMES];
    for (const name of [...names, ...PARTICIPANT_EVENT_NAMES]) expect(text).toContain(`"${name}"`);
  });
});

describe('timestamps', () => {
  it('keep every microsecond', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e15 }), (micros) => {
        expect(parseAbsolute(formatAbsolute(micros))).toBe(micros);
        expect(parseAbsolute(formatAbsolute(micros, 'z-micros'))).toBe(micros);
        expect(parseAbsolute(formatAbsolute(micros, 'z-millis'))).toBe(Math.floor(micros / 1_000) * 1_000);
      }),
    );
  });

  it('are written as the documentation shows them', () => {
    const micros = Date.UTC(2025, 0, 29, 23, 49, 58) * 1_000 + 570_998;
    expect(formatAbsolute(micros)).toBe('2025-01-29T23:49:58.570998+00:00');
    expect(ABSOLUTE_FORMATS.map((format) => formatAbsolute(micros, format))).toEqual([
      '2025-01-29T23:49:58.570998+00:00',
      '2025-01-29T23:49:58.570998Z',
      '2025-01-29T23:49:58.570Z',
    ]);
  });

  it('are read with other offsets and fractions, too, and only if they are dates', () => {
    const micros = Date.UTC(2025, 0, 29, 23, 49, 58) * 1_000;
    for (const text of [
      '2025-01-29T23:49:58Z',
      '2025-01-29T23:49:58',
      '2025-01-29 23:49:58+00:00',
      '2025-01-30T01:49:58+0200',
      '2025-01-29T18:19:58.000000000-05:30',
    ]) {
      expect(parseAbsolute(text), text).toBe(micros);
    }
    expect(parseAbsolute('2025-01-29T23:49:58.1Z')).toBe(micros + 100_000);
    for (const text of [
      '',
      'now',
      '2025-01-29',
      '2025-13-29T23:49:58Z',
      '2025-01-29T23:49:58.Z',
      '1738194598',
    ])
      expect(parseAbsolute(text), text).toBeUndefined();
  });

  it('round a position to the microsecond', () => {
    expect([0, 1, 2, 3, 16_000].map(sampleToMicros)).toEqual([0, 63, 125, 188, 1_000_000]);
  });
});

describe('ids', () => {
  it('are UUIDs that the seed decides', () => {
    const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    for (let seed = 0; seed < 50; seed++) expect(createIds(seed).uuid('bot')).toMatch(uuid);
    expect(createIds(1).uuid('bot')).toBe(createIds(1).uuid('bot'));
    expect(
      new Set([createIds(1).uuid('bot'), createIds(2).uuid('bot'), createIds(1).uuid('recording')]).size,
    ).toBe(3);
  });
});
