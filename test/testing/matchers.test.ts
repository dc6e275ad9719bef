import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../../src/testing/matchers.ts';
import { readRealtimeEvent } from '../../src/protocol/events.ts';
import { audioSeparateRawDataStrictSchema } from '../../src/protocol/index.ts';
import { meeting } from '../../src/scenario/builder.ts';
import { compileScenario } from '../../src/scenario/compile.ts';
import {
  audioSeparateRawArb,
  DEFECTS,
  malformedEventArb,
  meetingTest,
  participantAudio,
  pcmArb,
  realtimeEventArb,
  scenarioArb,
  scriptOf,
  timelineArb,
} from '../../src/testing/index.ts';

const talk = meeting({ duration: 3 })
  .participant({ id: 100, name: 'Ada' }, (ada) =>
    ada.unmute(0).speak(0.2, { duration: 0.5 }).mute(1).unmute(2),
  )
  .build();

async function messages(frameMs = [100]): Promise<string[]> {
  const steps = scriptOf(await compileScenario(talk), { frameMs });
  return steps.flatMap((step) => (step.kind === 'message' ? [step.text] : []));
}

/** What a matcher says when it fails. */
function failure(attempt: () => void): string {
  try {
    attempt();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it did not fail');
}

describe('matchers', () => {
  it('toBeRecallEvent names the field that is wrong, or the event that it is', async () => {
    const [first = ''] = await messages();
    expect(first).toBeRecallEvent();
    expect(JSON.parse(first)).toBeRecallEvent('audio_separate_raw.data');
    expect({ event: 'else' }).not.toBeRecallEvent();
    expect(failure(() => expect(first).toBeRecallEvent('transcript.data'))).toContain(
      'it is "audio_separate_raw.data"',
    );
    const broken = first.replace('"is_host":false', '"is_host":"no"');
    expect(failure(() => expect(broken).toBeRecallEvent())).toContain('data.data.participant.is_host');
  });

  it('toHaveMonotonicTimestamps names the participant, both frames and their times', async () => {
    const all = await messages();
    expect(all).toHaveMonotonicTimestamps();
    const [a, b, c, ...rest] = all;
    const text = failure(() => expect([a, c, b, ...rest]).toHaveMonotonicTimestamps());
    expect(text).toBe('participant 100 (Ada): frame 2 is at 0.1 s, not after frame 1 at 0.2 s');
  });

  it('toHaveContiguousAudio names the gap, and forgives what is within its tolerance', async () => {
    const all = await messages();
    const unmuted = all.slice(0, 10);
    expect(unmuted).toHaveContiguousAudio();
    expect(all).not.toHaveContiguousAudio();
    expect(failure(() => expect(all).toHaveContiguousAudio({ toleranceSamples: 15_999 }))).toBe(
      'participant 100 (Ada): frame 10 begins at sample 32000 (2 s), 16000 samples after the end of frame 9 at 16000 (1 s)',
    );
    expect(all).toHaveContiguousAudio({ toleranceSamples: 16_000 });
  });

  it('toMatchPcm shows where and what', () => {
    const reference = Int16Array.from({ length: 40 }, (_, index) => index);
    expect(reference).toMatchPcm(reference);
    expect(Buffer.from(reference.buffer)).toMatchPcm(reference);
    const other = reference.slice();
    other[30] = 33;
    expect(other).toMatchPcm(reference, { maxDiff: 3 });
    const text = failure(() => expect(other).toMatchPcm(reference, { maxDiff: 2 }));
    expect(text).toContain('(sample 30): expected 30, got 33');
    expect(text).toMatch(/got .* 29 +33 +31/);
    expect(failure(() => expect(reference.subarray(0, 30)).toMatchPcm(reference))).toContain('is 30 samples');
  });
});

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
        } else expect(last).not.toBeRecallEvent();
      }),
      { numRuns: 1_000 },
    );
    expect([...seen].sort()).toEqual([...DEFECTS].sort());
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

describe.concurrent('meetingTest', () => {
  for (const connections of ['per-participant', 'per-endpoint'] as const) {
    meetingTest(
      `gives an emulator and a recorder, ${connections}`,
      async ({ emulator, recorder, expect }) => {
        const report = await emulator.play(talk, { connections });
        expect(report).toHaveDeliveredEveryFrame();
        expect(recorder.problems).toEqual([]);
        expect(recorder).toHaveMonotonicTimestamps();
        const timeline = await compileScenario(talk);
        expect(recorder.audio(100)).toMatchPcm(participantAudio(timeline, 0));
        const intervals =
          connections === 'per-endpoint'
            ? [[0, 3]]
            : [
                [0, 1],
                [2, 3],
              ];
        expect(report).toHaveConnections(intervals as [number, number][]);
        expect(recorder).toHaveConnections(intervals as [number, number][]);
        if (connections === 'per-participant') expect(recorder).toHaveContiguousAudio();
        expect(report.participants[0]).not.toHaveConnections([[0, 1]]);
      },
    );
  }

  meetingTest('tells what was lost, and why', async ({ emulator, expect }) => {
    const report = await emulator.play(talk, { to: 'ws://127.0.0.1:1', retryAttempts: 0 });
    const text = failure(() => expect(report).toHaveDeliveredEveryFrame());
    expect(text).toContain('0 of 20 were');
    expect(text).toMatch(/participant 100 \(Ada\): \d+ endpoint_failed/);
    expect(failure(() => expect(report).toHaveConnections([[0, 1]]))).toContain('#1 never to');
  });

  meetingTest('ends what still plays when the test ends', ({ emulator, recorder }) => {
    void emulator.play(talk, { speed: 1, to: recorder.url });
  });
});
