import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAll } from '../../src/audio/source.ts';
import { FrameCursor } from '../../src/emulator/frames.ts';
import { compileScenario } from '../../src/scenario/compile.ts';
import { sliceSegments, timelineFrom } from '../../src/scenario/slice.ts';
import type { Segment, StreamPlan, Timeline } from '../../src/scenario/timeline.ts';
import { wordsOf } from '../../src/scenario/words.ts';
import { scenarioArb } from '../support/scenarios.ts';

/** Comparing as bytes is a thousand times as fast as comparing element by element. */
function expectSame(actual: Int16Array, expected: Int16Array): void {
  expect(Buffer.from(actual.slice().buffer).equals(Buffer.from(expected.slice().buffer))).toBe(true);
}

/** A participant's audio at each position, from their segments alone. */
function audioOf(segments: readonly Segment[], from: number, samples: number): Int16Array {
  const pcm = new Int16Array(samples);
  for (const { source, startSample, endSample } of segments) {
    const read = readAll(source).subarray(0, endSample - startSample);
    pcm.set(read, startSample - from);
  }
  return pcm;
}

function wholeAudio(timeline: Timeline, participant: number): Int16Array {
  const segments = timeline.streams
    .filter((plan) => plan.participant === participant)
    .flatMap((plan) => plan.segments);
  return audioOf(segments, 0, timeline.durationSamples);
}

describe('the rest of a meeting', () => {
  it('has the audio that the whole has from there on', async () => {
    await fc.assert(
      fc.asyncProperty(scenarioArb, fc.double({ min: 0, max: 1, noNaN: true }), async (scenario, where) => {
        const timeline = await compileScenario(scenario);
        const from = Math.floor(timeline.durationSamples * where);
        const rest = timelineFrom(timeline, from);
        expect(rest.durationSamples).toBe(timeline.durationSamples - from);
        for (const index of timeline.participants.keys())
          expectSame(wholeAudio(rest, index), wholeAudio(timeline, index).slice(from));
        const later = timeline.events.filter(({ sample }) => sample >= from);
        expect(rest.events.slice(-later.length || rest.events.length).map(({ event }) => event)).toEqual(
          later.map(({ event }) => event),
        );
        // Whoever is there by then joins first: as many as came and did not leave.
        const already = rest.events.slice(0, rest.events.length - later.length);
        const before = timeline.events.slice(0, timeline.events.length - later.length);
        const count = (name: string): number => before.filter(({ event }) => event.endsWith(name)).length;
        expect(already.every(({ sample }) => sample === 0)).toBe(true);
        expect(already.filter(({ event }) => event.endsWith('.join'))).toHaveLength(
          count('.join') - count('.leave'),
        );
      }),
      { numRuns: 200 },
    );
  });
});

describe('a stream that is changed while it runs', () => {
  it('sends what it was to send until then, and what replaces it from then on; nothing twice, nothing lost', async () => {
    await fc.assert(
      fc.asyncProperty(
        scenarioArb,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 0, max: 8 }),
        fc.constantFrom([1_600], [320, 1_600], [777]),
        fc.boolean(),
        async (scenario, where, framesBefore, sizes, cut) => {
          const timeline = await compileScenario(scenario);
          for (const plan of timeline.streams) {
            const cursor = new FrameCursor(plan, sizes);
            const sent: { at: number; pcm: number[] }[] = [];
            const step = (): void => {
              sent.push({ at: cursor.startSample, pcm: [...cursor.read()] });
              cursor.advance();
            };
            for (let frame = 0; frame < framesBefore && !cursor.done; frame++) step();
            const passed =
              sent.at(-1) === undefined ? plan.startSample : sent.at(-1)!.at + sent.at(-1)!.pcm.length;
            const asked = plan.startSample + Math.floor((plan.endSample - plan.startSample) * where);
            // Either the stream ends there, or it goes on with the very segments that it had.
            const at = cursor.replaceFrom(
              asked,
              (sample) => (cut ? [] : sliceSegments(plan.segments, sample, plan.endSample)),
              cut ? asked : plan.endSample,
            );
            expect(at).toBe(Math.max(asked, passed));
            while (!cursor.done) step();
            const end = cut ? at : plan.endSample;
            expect(cursor.endSample).toBe(end);
            expectWhole(plan, sent, end);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

function expectWhole(plan: StreamPlan, sent: readonly { at: number; pcm: number[] }[], end: number): void {
  const expected = audioOf(
    sliceSegments(plan.segments, plan.startSample, end),
    plan.startSample,
    end - plan.startSample,
  );
  const actual = new Int16Array(end - plan.startSample);
  let position = plan.startSample;
  for (const { at, pcm } of sent) {
    expect(at).toBeGreaterThanOrEqual(position);
    actual.set(pcm, at - plan.startSample);
    position = at + pcm.length;
  }
  expect(position).toBeLessThanOrEqual(end);
  expectSame(actual, expected);
}

describe('the words of an utterance', () => {
  it('fill it without gaps, in order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 0, max: 1_000_000 }),
        fc.integer({ min: 1, max: 500_000 }),
        (texts, startSample, length) => {
          const utterance = {
            participant: 0,
            startSample,
            endSample: startSample + length,
            text: texts.join(' '),
          };
          const words = wordsOf(utterance);
          expect(words.map(({ text }) => text)).toEqual(texts);
          let position = startSample / 16_000;
          for (const { start_timestamp, end_timestamp } of words) {
            expect(start_timestamp.relative).toBe(position);
            position = end_timestamp!.relative;
          }
          expect(position).toBe(utterance.endSample / 16_000);
        },
      ),
      { numRuns: 200 },
    );
  });
});
