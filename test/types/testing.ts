/** The types of `recall-emulator/testing`. */
import type fc from 'fast-check';
import { compileScenario, meeting, type Scenario, type Timeline } from 'recall-emulator';
import type { RealtimeEvent } from 'recall-emulator/protocol';
import {
  checkReceiver,
  comparePcm,
  type Difference,
  frameOf,
  malformedEventArb,
  meetingTest,
  playScript,
  RECEIVER_PROPERTIES,
  type ReceiverProperty,
  readWav,
  realtimeEventArb,
  recallMatchers,
  type ScriptReport,
  type ScriptStep,
  scenarioArb,
  scriptOf,
  startRecorder,
  timelineArb,
} from 'recall-emulator/testing';
import { expectTypeOf } from 'vitest';

const handler = { message: (text: string) => void text, close: (code: number) => void code };

await checkReceiver(() => ({ connect: () => handler, audio: () => Buffer.alloc(0) }));
await checkReceiver(async () => ({ connect: async () => handler, audio: async () => undefined }), {
  runs: 5,
  properties: ['participants are kept apart'],
});
// @ts-expect-error: whatever takes messages takes closes, too
await checkReceiver(() => ({ connect: () => ({ message: () => {} }), audio: () => undefined }));
// @ts-expect-error: floats are no S16LE samples
await checkReceiver(() => ({ connect: () => handler, audio: () => new Float32Array() }));
await checkReceiver(() => ({ connect: () => handler, audio: () => undefined }), {
  // @ts-expect-error: no such property
  properties: ['is nice'],
});
expectTypeOf(RECEIVER_PROPERTIES).toEqualTypeOf<readonly ReceiverProperty[]>();
expectTypeOf<ReceiverProperty>().not.toBeAny();
// @ts-expect-error: it is in recall-emulator/vitest
meetingTest('a test', async () => {});

await using recorder = await startRecorder();
expectTypeOf(recorder.events).toEqualTypeOf<readonly RealtimeEvent[]>();
expectTypeOf(recorder.audio(100)).toExtend<Int16Array>();

const timeline = await compileScenario(meeting().participant({ id: 1, name: null }).build());
expectTypeOf(scriptOf(timeline, { mode: 'per-endpoint' })).toExtend<Iterable<ScriptStep>>();
for (const step of scriptOf(timeline)) if (step.kind === 'message') frameOf(step.text)?.pcm.length.toFixed();
expectTypeOf(
  playScript(scriptOf(timeline), { url: 'ws://127.0.0.1:4000/' }),
).resolves.toEqualTypeOf<ScriptReport>();
await playScript([{ kind: 'wait', atSample: 0, ms: 5 }], { url: 'ws://127.0.0.1:4000/', speed: 'max' });
// @ts-expect-error: a script is played somewhere
await playScript([]);
// @ts-expect-error: a close has a code
await playScript([{ kind: 'close', connection: 1, atSample: 0 }], { url: 'ws://127.0.0.1:4000/' });

expectTypeOf(comparePcm(await readWav('a.wav'), Buffer.alloc(2))).toEqualTypeOf<Difference | undefined>();
expectTypeOf(scenarioArb()).toEqualTypeOf<fc.Arbitrary<Scenario>>();
expectTypeOf(timelineArb({ maxParticipants: 2 })).toEqualTypeOf<fc.Arbitrary<Promise<Timeline>>>();
expectTypeOf(realtimeEventArb()).toEqualTypeOf<fc.Arbitrary<RealtimeEvent>>();
malformedEventArb(['not_json']);
// @ts-expect-error: no such defect
malformedEventArb(['not_nice']);

expectTypeOf(recallMatchers.toBeRecallEvent({}).pass).toBeBoolean();
