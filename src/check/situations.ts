/**
 * The situations in which a receiver is checked. Each holds everything plain but the one thing that it is about, so that a
 * failure has one cause: people are there from the first moment, with names of their own, in whole frames of one size.
 */
import fc from 'fast-check';
import type { ConnectionMode } from '../emulator/endpoint.ts';
import type { Scenario, ScenarioAction } from '../scenario/schema.ts';
import type { Disturbance } from './disturbances.ts';

/** A meeting, and what goes wrong in it. */
export interface Situation {
  readonly scenario: Scenario;
  readonly mode: ConnectionMode;
  readonly frameMs: readonly number[];
  /** Milliseconds by which each message comes late, in turn. */
  readonly delaysMs: readonly number[];
  /** Changes the script. */
  readonly disturbance: Disturbance | undefined;
}

const FRAME_MS = 100;

/** A situation in which nothing is special but what `special` says. */
export function situation(scenario: Scenario, special: Partial<Omit<Situation, 'scenario'>> = {}): Situation {
  return {
    scenario,
    mode: 'per-participant',
    frameMs: [FRAME_MS],
    delaysMs: [0],
    disturbance: undefined,
    ...special,
  };
}

/** In words: connections, frames, delays, disturbance. */
export function describeSituation({ mode, frameMs, delaysMs, disturbance }: Situation): string {
  const delayed = delaysMs.some((delay) => delay > 0);
  return [
    `${mode}, frames of ${frameMs.join(', ')} ms`,
    ...(delayed ? [`messages held up by ${delaysMs.join(', ')} ms in turn`] : []),
    ...(disturbance === undefined ? [] : [disturbance.description]),
  ].join('; ');
}

/** One unmuted stretch: how long after the one before it, how long, and when in it something is said. Milliseconds. */
interface Stretch {
  readonly gapMs: number;
  readonly lengthMs: number;
  readonly speechMs: readonly [from: number, to: number];
}

/** The smallest meeting: one person, one frame. */
export const ONE_FRAME: Scenario = meetingOf({
  seed: 0,
  people: [[{ gapMs: 0, lengthMs: FRAME_MS, speechMs: [0, 0] }]],
});

/** One person whose microphone is open from the first moment to the last. */
export const alone: fc.Arbitrary<Scenario> = meetings(
  fc.tuple(fc.tuple(stretchArb({ lengthMs: wholeFrames() }))),
);

/** The same, with a last frame that may be shorter. */
export const aloneOfAnyLength: fc.Arbitrary<Scenario> = meetings(
  fc.tuple(fc.tuple(stretchArb({ lengthMs: fc.integer({ min: 1, max: 600 }) }))),
);

/** One person who is muted and unmuted again at the same moment. */
export const comesBack: fc.Arbitrary<Scenario> = meetings(
  fc.tuple(fc.array(stretchArb({ lengthMs: wholeFrames() }), { minLength: 2, maxLength: 3 })),
);

/** One person who is muted at first or in between. */
export const isMuted: fc.Arbitrary<Scenario> = meetings(
  fc.tuple(fc.array(stretchArb({ gapMs: mutes(), lengthMs: wholeFrames() }), { minLength: 1, maxLength: 3 })),
);

/** People whose microphones are all open from the first moment to the same last one. */
export const together: fc.Arbitrary<Scenario> = meetings(
  fc
    .record({
      lengthMs: wholeFrames(),
      people: fc.array(stretchArb({ lengthMs: fc.constant(0) }), { minLength: 2, maxLength: 3 }),
    })
    .map(({ lengthMs, people }) => people.map((stretch) => [{ ...stretch, lengthMs }])),
);

/** People whose microphones are all open from the first moment, and close one by one. */
export const leaveOneByOne: fc.Arbitrary<Scenario> = meetings(
  fc.array(fc.tuple(stretchArb({ lengthMs: wholeFrames() })), { minLength: 2, maxLength: 3 }),
);

/** People who are muted and unmuted as they like. */
export const talkInTurn: fc.Arbitrary<Scenario> = meetings(
  fc.array(
    fc.array(stretchArb({ gapMs: mutes(), lengthMs: wholeFrames() }), { minLength: 1, maxLength: 3 }),
    { minLength: 2, maxLength: 3 },
  ),
);

/** The same meeting with other names. */
export function renamed(scenario: Scenario, name: string | null): Scenario {
  return { ...scenario, participants: scenario.participants.map((each) => ({ ...each, name })) };
}

function wholeFrames(): fc.Arbitrary<number> {
  return fc.integer({ min: 1, max: 6 }).map((frames) => frames * FRAME_MS);
}

function mutes(): fc.Arbitrary<number> {
  return fc.integer({ min: 0, max: 400 });
}

function stretchArb(arbs: {
  readonly gapMs?: fc.Arbitrary<number>;
  readonly lengthMs: fc.Arbitrary<number>;
}): fc.Arbitrary<Stretch> {
  return fc.record({
    gapMs: arbs.gapMs ?? fc.constant(0),
    lengthMs: arbs.lengthMs,
    speechMs: fc.tuple(fc.nat(600), fc.nat(600)),
  });
}

function meetings(people: fc.Arbitrary<readonly (readonly Stretch[])[]>): fc.Arbitrary<Scenario> {
  return fc.record({ seed: fc.nat(1_000), people }).map(meetingOf);
}

function meetingOf(meeting: { seed: number; people: readonly (readonly Stretch[])[] }): Scenario {
  const timeline: ScenarioAction[] = [];
  for (const [index, stretches] of meeting.people.entries()) {
    const participant = 100 + index;
    let clockMs = 0;
    for (const { gapMs, lengthMs, speechMs } of stretches) {
      clockMs += gapMs;
      timeline.push({ at: clockMs / 1_000, participant, action: 'unmute' });
      const from = Math.min(...speechMs, lengthMs);
      const duration = (Math.min(Math.max(...speechMs), lengthMs) - from) / 1_000;
      const at = (clockMs + from) / 1_000;
      if (duration > 0) timeline.push({ at, participant, action: 'speak', duration });
      clockMs += lengthMs;
      timeline.push({ at: clockMs / 1_000, participant, action: 'mute' });
    }
  }
  const participants = meeting.people.map((_, index) => ({ id: 100 + index, name: `Person ${index + 1}` }));
  return { seed: meeting.seed, participants, timeline };
}
