/**
 * fast-check arbitraries of everything that Recall sends: they make what can be, and shrink to small, readable meetings.
 * What cannot be is in `malformed.ts`.
 */
import fc from 'fast-check';
import type { AudioMixedRawData } from '../protocol/audio-mixed.ts';
import type { AudioSeparateRawData } from '../protocol/audio-separate.ts';
import type { RealtimeEvent } from '../protocol/events.ts';
import type { Participant } from '../protocol/participant.ts';
import { PARTICIPANT_EVENT_NAMES, type ParticipantEvent } from '../protocol/participant-events.ts';
import { base64Of, SAMPLE_RATE } from '../protocol/pcm.ts';
import type { ResourceRef } from '../protocol/resource.ts';
import {
  ABSOLUTE_FORMATS,
  type AbsoluteFormat,
  formatAbsolute,
  relativeSeconds,
  sampleToMicros,
  type Timestamp,
} from '../protocol/timestamp.ts';
import { TRANSCRIPT_EVENT_NAMES, type TranscriptEvent, type WordTimestamp } from '../protocol/transcript.ts';
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

const extraDataArb = fc.oneof(
  fc.constant({}),
  fc.constant(null),
  fc.record({ zoom: fc.record({ os: fc.nat(9), guest: fc.boolean(), conf_user_id: fc.uuid() }) }),
);

/** What a platform tells of somebody beside the name: nothing, that it does not know, or something. */
const toldArb = fc.record(
  {
    is_host: fc.option(fc.boolean()),
    platform: fc.option(fc.constantFrom('desktop', 'dial-in', 'unknown', 'mobile_app')),
    extra_data: extraDataArb,
  },
  { requiredKeys: [] },
);

/** A meeting of a few seconds that can happen. */
export function scenarioArb(constraints: ScenarioConstraints = {}): fc.Arbitrary<Scenario> {
  const { minParticipants = 1, maxParticipants = 4, minIntervals = 0, maxIntervals = 4, names } = constraints;
  const personArb = fc.record({
    name:
      names === undefined
        ? fc.option(fc.string({ maxLength: 12, unit: 'grapheme' }))
        : fc.constantFrom(...names),
    silence: fc.constantFrom('noise' as const, 'gap' as const),
    told: toldArb,
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
      const participants = people.map(({ name, silence, told }, index) => ({
        ...told,
        id: 100 + index,
        name,
        silence,
      }));
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
      is_host: fc.option(fc.boolean()),
      platform: fc.option(fc.constantFrom('desktop', 'dial-in', 'unknown', 'mobile_app')),
      extra_data: extraDataArb,
      email: fc.option(fc.emailAddress(), { nil: undefined }),
    })
    .map(({ email, ...participant }) => (email === undefined ? participant : { ...participant, email }));
}

const refArb: fc.Arbitrary<ResourceRef> = fc.record({
  id: fc.uuid(),
  metadata: fc.dictionary(fc.stringMatching(/^[a-z_]{1,8}$/), fc.string({ maxLength: 8 }), { maxKeys: 2 }),
});

/** Recordings without a bot have a `bot` that is null, or none at all. */
const envelopeArb = fc.record(
  { realtime_endpoint: refArb, recording: refArb, bot: fc.option(refArb) },
  { requiredKeys: ['realtime_endpoint', 'recording'] },
);

/** When a recording started, and how its absolute times are written. */
interface RecordingClock {
  readonly startSeconds: number;
  readonly format: AbsoluteFormat;
}

const clockArb: fc.Arbitrary<RecordingClock> = fc.record({
  startSeconds: fc.integer({ min: 1_600_000_000, max: 2_000_000_000 }),
  format: fc.constantFrom(...ABSOLUTE_FORMATS),
});

/** A position in a recording of three hours at most. */
const sampleArb = fc.nat(3 * 3_600 * SAMPLE_RATE);

const timestampArb: fc.Arbitrary<Timestamp> = fc
  .record({ sample: sampleArb, clock: clockArb })
  .map(({ sample, clock }) => timestampAt(clock, sample));

function timestampAt({ startSeconds, format }: RecordingClock, sample: number): Timestamp {
  return {
    relative: relativeSeconds(sample),
    absolute: formatAbsolute(startSeconds * 1_000_000 + sampleToMicros(sample), format),
  };
}

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

function audioMixedRawArb(): fc.Arbitrary<AudioMixedRawData> {
  return fc
    .record({ pcm: pcmArb(), timestamp: timestampArb, audio_mixed: refArb, envelope: envelopeArb })
    .map(({ pcm, timestamp, audio_mixed, envelope }) => ({
      event: 'audio_mixed_raw.data' as const,
      data: { data: { buffer: base64Of(pcm), timestamp }, audio_mixed, ...envelope },
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

const WORD_SAMPLES = SAMPLE_RATE / 4;

/** Words one after another. Newer payloads give them absolute times; where the last one ends may not be known yet. */
function transcriptEventArb(): fc.Arbitrary<TranscriptEvent> {
  return fc
    .record({
      event: fc.constantFrom(...TRANSCRIPT_EVENT_NAMES),
      texts: fc.array(fc.stringMatching(/^[A-Za-z]{1,10}$/), { minLength: 1, maxLength: 8 }),
      sample: sampleArb,
      clock: clockArb,
      isAbsolute: fc.boolean(),
      isEnded: fc.boolean(),
      participant: participantArb(),
      transcript: refArb,
      envelope: envelopeArb,
    })
    .map(({ event, texts, sample, clock, isAbsolute, isEnded, participant, transcript, envelope }) => {
      const timestampOf = (index: number): WordTimestamp => {
        const timestamp = timestampAt(clock, sample + index * WORD_SAMPLES);
        return isAbsolute ? timestamp : { relative: timestamp.relative };
      };
      const words = texts.map((text, index) => ({
        text,
        start_timestamp: timestampOf(index),
        end_timestamp: isEnded || index < texts.length - 1 ? timestampOf(index + 1) : null,
      }));
      return { event, data: { data: { words, participant }, transcript, ...envelope } };
    });
}

/** Any valid real-time event. */
export function realtimeEventArb(): fc.Arbitrary<RealtimeEvent> {
  return fc.oneof(audioSeparateRawArb(), audioMixedRawArb(), participantEventArb(), transcriptEventArb());
}
