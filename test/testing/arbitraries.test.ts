import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../../src/vitest/matchers.ts';
import { readRealtimeEvent } from '../../src/protocol/events.ts';
import {
  ABSOLUTE_FORMATS,
  type AbsoluteFormat,
  audioSeparateRawDataStrictSchema,
  PARTICIPANT_EVENT_NAMES,
  TRANSCRIPT_EVENT_NAMES,
} from '../../src/protocol/index.ts';
import {
  audioSeparateRawArb,
  DEFECTS,
  frameOf,
  malformedEventArb,
  pcmArb,
  realtimeEventArb,
  scenarioArb,
  timelineArb,
} from '../../src/testing/index.ts';

function spellingOf(absolute: string): AbsoluteFormat {
  if (absolute.endsWith('+00:00')) return 'micros-offset';
  return /\.\d{6}Z$/.test(absolute) ? 'z-micros' : 'z-millis';
}

describe('arbitraries', () => {
  it('make events that the strict reader takes, and meetings that can happen', async () => {
    fc.assert(
      fc.property(audioSeparateRawArb(), (event) => void audioSeparateRawDataStrictSchema.parse(event)),
    );
    fc.assert(
      fc.property(realtimeEventArb(), (event) => void expect(readRealtimeEvent(event).kind).toBe('event')),
    );
    fc.assert(
      fc.property(pcmArb({ minSamples: 3, maxSamples: 5 }), (pcm) => pcm.length >= 3 && pcm.length <= 5),
    );
    await fc.assert(
      fc.asyncProperty(
        timelineArb({ maxParticipants: 2 }),
        async (timeline) => (await timeline).participants.length <= 2,
      ),
    );
  });

  it('make every event, and every way of writing one that Recall has', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(realtimeEventArb(), ({ event, data }) => {
        seen.add(event);
        seen.add('bot' in data ? `bot ${data.bot === null ? 'null' : 'given'}` : 'bot absent');
        const body = data.data;
        if ('timestamp' in body) seen.add(spellingOf(body.timestamp.absolute));
        if ('participant' in body) {
          const { name, is_host, platform, extra_data } = body.participant;
          for (const [key, value] of Object.entries({ name, is_host, platform, extra_data }))
            seen.add(`${key} ${value === null ? 'null' : 'given'}`);
          seen.add('email' in body.participant ? 'email given' : 'email absent');
        }
        if ('words' in body) {
          const [word] = body.words;
          seen.add(`absolute of words ${word?.start_timestamp.absolute === undefined ? 'absent' : 'given'}`);
          seen.add(`end of words ${body.words.at(-1)!.end_timestamp === null ? 'null' : 'given'}`);
        }
      }),
      { numRuns: 2_000, seed: 1 },
    );
    const nullable = ['bot', 'name', 'is_host', 'platform', 'extra_data', 'end of words'];
    const optional = ['bot', 'email', 'absolute of words'];
    expect([...seen].sort()).toEqual(
      [
        ...['audio_separate_raw.data', 'audio_mixed_raw.data'],
        ...TRANSCRIPT_EVENT_NAMES,
        ...PARTICIPANT_EVENT_NAMES,
        ...ABSOLUTE_FORMATS,
        ...nullable.map((field) => `${field} null`),
        ...optional.map((field) => `${field} absent`),
        ...new Set([...nullable, ...optional].map((field) => `${field} given`)),
      ].sort(),
    );
  });

  it('make words that follow one another', () => {
    fc.assert(
      fc.property(realtimeEventArb(), ({ data: { data } }) => {
        if (!('words' in data)) return;
        for (const [index, { end_timestamp }] of data.words.slice(0, -1).entries())
          expect(end_timestamp).toEqual(data.words[index + 1]!.start_timestamp);
      }),
      { numRuns: 500 },
    );
  });

  it('make malformed messages of every kind, each with the defect that it names and good ones before it', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(malformedEventArb(), ({ defect, messages: texts }) => {
        seen.add(defect);
        for (const text of texts.slice(0, -1)) expect(text).toBeRecallEvent();
        const last = texts.at(-1)!;
        if (defect === 'wrong_order') {
          expect(last).toBeRecallEvent();
          expect(texts).not.toHaveMonotonicTimestamps();
          const [first = Number.NaN, second] = texts.map((text) => frameOf(text)?.relative);
          expect(second).toBeLessThan(first);
        } else expect(last).not.toBeRecallEvent();
      }),
      { numRuns: 1_000 },
    );
    expect([...seen].sort()).toEqual([...DEFECTS].sort());
  });

  it('make malformed messages of the kinds that are asked for, and say in words what is wrong', () => {
    const descriptions = new Set<string>();
    fc.assert(
      fc.property(malformedEventArb(['wrong_type', 'odd_byte_count']), ({ defect, description }) => {
        expect(['wrong_type', 'odd_byte_count']).toContain(defect);
        descriptions.add(description);
      }),
      { numRuns: 500, seed: 1 },
    );
    expect(descriptions).toContain('the buffer has three bytes');
    expect(descriptions).toContain('data.data.participant.id is "text"');
  });

  it('shrink to a meeting that one can read', () => {
    const details = fc.check(
      fc.property(scenarioArb(), ({ timeline }) => timeline.length < 4),
      { seed: 1 },
    );
    const [scenario] = details.counterexample!;
    expect(scenario.participants).toHaveLength(1);
    expect(scenario.timeline).toHaveLength(4);
  });
});
