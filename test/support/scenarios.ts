/** Arbitrary meetings for property tests. They shrink to few people, few toggles, little talk. */
import fc from 'fast-check';
import type { Scenario, ScenarioAction } from '../../src/scenario/schema.ts';

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

const personArb = fc.record({
  name: fc.option(fc.string({ maxLength: 12, unit: 'grapheme' })),
  silence: fc.constantFrom('noise' as const, 'gap' as const),
  intervals: fc.array(intervalArb, { maxLength: 4 }),
  leaves: fc.boolean(),
});

/** A meeting that can happen, of a few seconds. */
export const scenarioArb: fc.Arbitrary<Scenario> = fc
  .record({
    seed: fc.integer({ min: 0, max: 1_000 }),
    people: fc.array(personArb, { minLength: 1, maxLength: 4 }),
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

export const frameMsArb: fc.Arbitrary<number[]> = fc.array(fc.integer({ min: 10, max: 400 }), {
  minLength: 1,
  maxLength: 3,
});
