/** The types of `recall-emulator/vitest`: its fixtures, and the matchers on vitest's own `expect`. */
import { meeting, type PlayReport } from 'recall-emulator';
import type { Recorder } from 'recall-emulator/testing';
import { meetingTest, receiverCases, type TestEmulator } from 'recall-emulator/vitest';
import 'recall-emulator/vitest/matchers';
import { expect, expectTypeOf, test } from 'vitest';

const scenario = meeting().participant({ id: 100, name: 'Ada' }).build();

meetingTest('has an emulator and a recorder', async ({ emulator, recorder, expect }) => {
  expectTypeOf(emulator).toEqualTypeOf<TestEmulator>();
  expectTypeOf(recorder).toEqualTypeOf<Recorder>();
  const report = await emulator.play(scenario, { speed: 1 });
  expectTypeOf(report).toEqualTypeOf<PlayReport>();
  // @ts-expect-error: the meeting has been given
  await emulator.play(scenario, { scenario });
  expect(report).toHaveDeliveredEveryFrame();
});
meetingTest.for([1, 2])('is as vitest has it', (count, { recorder }) => {
  expectTypeOf(count).toBeNumber();
  expectTypeOf(recorder).toEqualTypeOf<Recorder>();
});

expect({}).toBeRecallEvent('audio_separate_raw.data');
expect({}).not.toBeRecallEvent();
expect([]).toHaveMonotonicTimestamps();
expect([]).toHaveContiguousAudio({ toleranceSamples: 5 });
expect(new Int16Array()).toMatchPcm(Buffer.alloc(0), { maxDiff: 1 });
expect({}).toHaveConnections([[0, 2]], { toleranceSeconds: 0.5 });
// @ts-expect-error: from and to
expect({}).toHaveConnections([[0]]);
// @ts-expect-error: a reference is needed
expect(new Int16Array()).toMatchPcm();
// @ts-expect-error: no such matcher
expect({}).toBeRecall();

receiverCases(test, { url: 'ws://127.0.0.1:4000/', files: ['out/{id}.wav'], suite: 'quick' });
receiverCases(test, { url: async () => 'ws://127.0.0.1:4000/', known: [{ case: 'mute.*' }] });
// @ts-expect-error: where it listens
receiverCases(test, { files: [] });
