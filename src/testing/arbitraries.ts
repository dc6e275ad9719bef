/**
 * fast-check arbitraries of everything that Recall sends: they make what can be, and shrink to small, readable meetings.
 * `malformedEventArb` makes what cannot.
 */
import fc from 'fast-check';
import type { AudioSeparateRawData } from '../protocol/audio-separate.ts';
import type { RealtimeEvent } from '../protocol/events.ts';
import type { Participant } from '../protocol/participant.ts';
import { PARTICIPANT_EVENT_NAMES, type ParticipantEvent } from '../protocol/participant-events.ts';
import { SAMPLE_RATE } from '../protocol/pcm.ts';
import type { ResourceRef } from '../protocol/resource.ts';
import { formatAbsolute, relativeSeconds, sampleToMicros, type Timestamp } from '../protocol/timestamp.ts';
import type { TranscriptEvent } from '../protocol/transcript.ts';
import { compileScenario } from '../scenario/compile.ts';
import type { Scenario, ScenarioAction } from '../scenario/schema.ts';
import type { Timeline } from '../scenario/timeline.ts';

export interface ScenarioConstraints {
  /** Default 1. */
  readonly minParticipants?: number;
  /** Default 4. */
  readonly maxParticipants?: number;
  /** Unmuted intervals of each participant: default 0 to 4. */
  readonly minIntervals?: number;
  readonly maxIntervals?: number;
  /** Names to choose from; anything, or none, by default. */
  readonly names?: readonly (string | null)[];
}

/** One unmuted interval in milliseconds, with an utterance somewhere in it. */
interface Interval {
  readonly gapMs: number;
  readonly lengthMs: number;
  readonly speechFrom: number;
  readonly speechTo: number;
}

const intervalArb: fc.Arbitrary<Interval> = fc.record({
  gapMs: fc.integer({ min: 0, max: 400 }),
  lengthMs: fc.integer({ min: 1, max: 900 }),
  speechFrom: fc.double({ min: 0, max: 1, noNaN: true }),
  speechTo: fc.double({ min: 0, max: 1, noNaN: true }),
});

/** A meeting of a few seconds that can happen. */
export function scenarioArb(constraints: ScenarioConstraints = {}): fc.Arbitrary<Scenario> {
  const { minParticipants = 1, maxParticipants = 4, minIntervals = 0, maxIntervals = 4, names } = constraints;
  const personArb = fc.record({
    name:
      names === undefined
        ? fc.option(fc.string({ maxLength: 12, unit: 'grapheme' }))
        : fc.constantFrom(...names),
    silence: fc.constantFrom('noise' as const, 'gap' as const),
    intervals: fc.array(intervalArb, { minLength: minIntervals, maxLength: maxIntervals }),
    leaves: fc.boolean(),
  });
  return fc
    .record({
      seed: fc.integer({ min: 0, max: 1_000 }),
      people: fc.array(personArb, { minLength: minParticipants, maxLength: maxParticipants }),
    })
    .map(({ seed, people }) => {
      const timeline: ScenarioAction[] = [];
      for (const [index, { intervals, leaves }] of people.entries()) {
        const participant = 100 + index;
        let clock = 0;
        for (const { gapMs, lengthMs, speechFrom, speechTo } of intervals) {
          clock += gapMs;
          timeline.push({ at: clock / 1_000, participant, action: 'unmute' });
          const from = Math.floor(Math.min(speechFrom, speechTo) * lengthMs);
          const to = Math.floor(Math.max(speechFrom, speechTo) * lengthMs);
          if (to > from) {
            timeline.push({
              at: (clock + from) / 1_000,
              participant,
              action: 'speak',
              duration: (to - from) / 1_000,
              text: 'Hi.',
            });
          }
          clock += lengthMs;
          timeline.push({ at: clock / 1_000, participant, action: 'mute' });
        }
        if (leaves) timeline.push({ at: clock / 1_000, participant, action: 'leave' });
      }
      const participants = people.map(({ name, silence }, index) => ({ id: 100 + index, name, silence }));
      return { seed, participants, timeline };
    });
}

/** The same, compiled: audio at exact positions. Compiling waits for files, of which there are none here. */
export function timelineArb(constraints: ScenarioConstraints = {}): fc.Arbitrary<Promise<Timeline>> {
  return scenarioArb(constraints).map((scenario) => compileScenario(scenario));
}

/** S16LE values, mono, 16 kHz; 1 to 1,600 samples unless told otherwise. */
export function pcmArb(
  constraints: { readonly minSamples?: number; readonly maxSamples?: number } = {},
): fc.Arbitrary<Int16Array> {
  return fc.int16Array({
    minLength: constraints.minSamples ?? 1,
    maxLength: constraints.maxSamples ?? 1_600,
  });
}

export function participantArb(): fc.Arbitrary<Participant> {
  return fc
    .record({
      id: fc.integer({ min: 0, max: 2_147_483_647 }),
      name: fc.option(fc.string({ unit: 'grapheme', maxLength: 40 })),
      is_host: fc.boolean(),
      platform: fc.option(fc.constantFrom('desktop', 'dial-in', 'unknown', 'mobile_app')),
      extra_data: fc.oneof(
        fc.constant({}),
        fc.record({ zoom: fc.record({ os: fc.nat(9), guest: fc.boolean(), conf_user_id: fc.uuid() }) }),
      ),
      email: fc.option(fc.emailAddress(), { nil: undefined }),
    })
    .map(({ email, ...participant }) => (email === undefined ? participant : { ...participant, email }));
}

const refArb: fc.Arbitrary<ResourceRef> = fc.record({
  id: fc.uuid(),
  metadata: fc.dictionary(fc.stringMatching(/^[a-z_]{1,8}$/), fc.string({ maxLength: 8 }), { maxKeys: 2 }),
});

const envelopeArb = fc.record({
  realtime_endpoint: refArb,
  recording: refArb,
  bot: fc.option(refArb),
});

/** Three hours at most. */
const timestampArb: fc.Arbitrary<Timestamp> = fc
  .record({
    sample: fc.nat(3 * 3_600 * SAMPLE_RATE),
    startSeconds: fc.integer({ min: 1_600_000_000, max: 2_000_000_000 }),
    format: fc.constantFrom('micros-offset' as const, 'z-millis' as const),
  })
  .map(({ sample, startSeconds, format }) => ({
    relative: relativeSeconds(sample),
    absolute: formatAbsolute(startSeconds * 1_000_000 + sampleToMicros(sample), format),
  }));

/** One valid `audio_separate_raw.data` message. */
export function audioSeparateRawArb(): fc.Arbitrary<AudioSeparateRawData> {
  return fc
    .record({
      pcm: pcmArb(),
      timestamp: timestampArb,
      participant: participantArb(),
      audio_separate: refArb,
      envelope: envelopeArb,
    })
    .map(({ pcm, timestamp, participant, audio_separate, envelope }) => ({
      event: 'audio_separate_raw.data' as const,
      data: { data: { buffer: base64Of(pcm), timestamp, participant }, audio_separate, ...envelope },
    }));
}

function participantEventArb(): fc.Arbitrary<ParticipantEvent> {
  return fc
    .record({
      event: fc.constantFrom(...PARTICIPANT_EVENT_NAMES),
      timestamp: timestampArb,
      participant: participantArb(),
      participant_events: refArb,
      text: fc.string({ maxLength: 40 }),
      to: fc.constantFrom('everyone', 'only_bot'),
      envelope: envelopeArb,
    })
    .map(({ event, timestamp, participant, participant_events, text, to, envelope }) => ({
      event,
      data: {
        data: {
          participant,
          timestamp,
          data: event === 'participant_events.chat_message' ? { text, to } : null,
        },
        participant_events,
        ...envelope,
      },
    }));
}

function transcriptEventArb(): fc.Arbitrary<TranscriptEvent> {
  return fc
    .record({
      event: fc.constantFrom('transcript.data' as const, 'transcript.partial_data' as const),
      texts: fc.array(fc.stringMatching(/^[A-Za-z]{1,10}$/), { minLength: 1, maxLength: 8 }),
      start: fc.nat(10_000),
      participant: participantArb(),
      transcript: refArb,
      envelope: envelopeArb,
    })
    .map(({ event, texts, start, participant, transcript, envelope }) => ({
      event,
      data: {
        data: {
          words: texts.map((text, index) => ({
            text,
            start_timestamp: { relative: start + index * 0.25 },
            end_timestamp: { relative: start + index * 0.25 + 0.25 },
          })),
          participant,
        },
        transcript,
        ...envelope,
      },
    }));
}

/** Any valid real-time event. */
export function realtimeEventArb(): fc.Arbitrary<RealtimeEvent> {
  return fc.oneof(audioSeparateRawArb(), participantEventArb(), transcriptEventArb());
}

export const DEFECTS = [
  'not_json',
  'not_an_object',
  'missing_field',
  'wrong_type',
  'bad_base64',
  'odd_byte_count',
  'negative_timestamp',
  'bad_absolute',
  'wrong_order',
] as const;
export type Defect = (typeof DEFECTS)[number];

/** Messages of which the last has exactly one defect; what comes before is good. */
export interface MalformedMessages {
  readonly defect: Defect;
  /** What is wrong with the last message, in words. */
  readonly description: string;
  readonly messages: readonly string[];
}

/** One labelled defect each. All kinds, or those that are named. */
export function malformedEventArb(defects: readonly Defect[] = DEFECTS): fc.Arbitrary<MalformedMessages> {
  return fc.tuple(audioSeparateRawArb(), spoilerArb(defects)).map(([good, spoilIt]) => spoilIt(good));
}

/** Ways to give a good message one defect. */
export function spoilerArb(
  defects: readonly Defect[],
): fc.Arbitrary<(good: AudioSeparateRawData) => MalformedMessages> {
  return fc
    .record({
      defect: fc.constantFrom(...defects),
      path: fc.constantFrom(
        'data',
        'data.data',
        'data.data.buffer',
        'data.data.timestamp',
        'data.data.participant',
        'data.data.participant.id',
        'data.recording',
      ),
      wrong: fc.constantFrom<unknown>(7, true, [], 'text'),
    })
    .map(
      ({ defect, path, wrong }) =>
        (good) =>
          spoil(good, defect, path, wrong),
    );
}

function spoil(good: AudioSeparateRawData, defect: Defect, path: string, wrong: unknown): MalformedMessages {
  const text = JSON.stringify(good);
  const changed = (at: string, value: unknown): string =>
    JSON.stringify(replaced(good, at.split('.'), value));
  switch (defect) {
    case 'not_json':
      return { defect, description: 'the text ends in the middle', messages: [text.slice(0, -2)] };
    case 'not_an_object':
      return { defect, description: 'the message is an array', messages: ['[]'] };
    case 'missing_field':
      return { defect, description: `${path} is missing`, messages: [changed(path, undefined)] };
    case 'wrong_type': {
      // An identifier may not be any of them; a buffer may be text.
      const value =
        path === 'data.data.buffer' && wrong === 'text'
          ? 7
          : path.endsWith('.id') && wrong === 7
            ? 'text'
            : wrong;
      return { defect, description: `${path} is ${JSON.stringify(value)}`, messages: [changed(path, value)] };
    }
    case 'bad_base64':
      return {
        defect,
        description: 'the buffer is not base64',
        messages: [changed('data.data.buffer', '@@@=')],
      };
    case 'odd_byte_count':
      return {
        defect,
        description: 'the buffer has three bytes',
        messages: [changed('data.data.buffer', 'AAAA')],
      };
    case 'negative_timestamp':
      return {
        defect,
        description: 'relative is -1',
        messages: [changed('data.data.timestamp.relative', -1)],
      };
    case 'bad_absolute':
      return {
        defect,
        description: 'absolute is no date',
        messages: [changed('data.data.timestamp.absolute', 'yesterday')],
      };
    case 'wrong_order': {
      const { relative } = good.data.data.timestamp;
      return {
        defect,
        description: 'the second message is older than the first, of the same participant',
        messages: [changed('data.data.timestamp.relative', relative + 10), text],
      };
    }
  }
}

function replaced(node: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  const copy = { ...(node as Record<string, unknown>) };
  const next = replaced(copy[key], rest, value);
  if (next === undefined) delete copy[key];
  else copy[key] = next;
  return copy;
}

function base64Of(pcm: Int16Array): string {
  return Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).toString('base64');
}
