/** The types of `recall-emulator`: what compiles and what must not. `tsc` is the test; nothing here runs. */
import {
  type Clock,
  compileScenario,
  type EmulatorError,
  type InvalidInputError,
  loadScenario,
  type MockServer,
  meeting,
  type PlayReport,
  type Problem,
  play,
  type Receiver,
  type ReceiverStats,
  realClock,
  type Scenario,
  startReceiver,
  startServer,
  type Timeline,
  type TriggerReport,
  trigger,
  virtualClock,
} from 'recall-emulator';
import { expectTypeOf } from 'vitest';

const scenario = meeting({ duration: '3s' })
  .participant({ id: 100, name: 'Ada' }, (ada) => ada.unmute(0).speak('0.5s', { duration: 1 }).mute(2))
  .participant({ id: 200, name: null })
  .build();
expectTypeOf(scenario).toEqualTypeOf<Scenario>();
expectTypeOf(compileScenario(scenario)).resolves.toEqualTypeOf<Timeline>();

meeting().participant({ id: 1, name: null }, (person) =>
  // @ts-expect-error: what is said has a duration or an audio file
  person.speak(0, { text: 'Hello' }),
);
// @ts-expect-error: a participant has an id
meeting().participant({ name: 'Ada' });
// @ts-expect-error: a timeline is read only
(await compileScenario(scenario)).durationSamples = 5;

expectTypeOf(
  play({ scenario, to: 'ws://127.0.0.1:4000/', speed: 'max' }),
).resolves.toEqualTypeOf<PlayReport>();
await play({ scenario: 'standup.yaml', frameMs: [20, 100], connections: 'per-endpoint', speed: 4 });
await play({ scenario: await compileScenario(scenario), clock: virtualClock() });
await play({
  scenario: await compileScenario(await loadScenario('standup.yaml')),
  signal: AbortSignal.timeout(1_000),
});
// @ts-expect-error: a speed is a number or max
await play({ scenario, speed: 'fast' });
// @ts-expect-error: no such mode
await play({ scenario, connections: 'one' });
// @ts-expect-error: options have no names of their own choice
await play({ scenario, target: 'ws://127.0.0.1:4000/' });
expectTypeOf<PlayReport['dropped']['total']>().toBeNumber();
expectTypeOf<PlayReport['participants'][number]['name']>().toEqualTypeOf<string | null>();

await using receiver = await startReceiver({ onEvent: ({ event }) => event satisfies string });
expectTypeOf(receiver).toEqualTypeOf<Receiver>();
expectTypeOf(receiver.stats()).toEqualTypeOf<ReceiverStats>();

await using server = await startServer({ scenario });
expectTypeOf(server).toEqualTypeOf<MockServer>();
expectTypeOf(server.url).toBeString();

expectTypeOf(realClock({ speed: 2 })).toEqualTypeOf<Clock>();
expectTypeOf<InvalidInputError>().toExtend<EmulatorError>();
expectTypeOf<EmulatorError>().toExtend<Error>();
expectTypeOf<InvalidInputError['problems']>().toEqualTypeOf<readonly Problem[]>();
expectTypeOf<EmulatorError['hint']>().toEqualTypeOf<string | undefined>();

expectTypeOf(trigger('bot.done', { to: 'http://127.0.0.1:4000' })).resolves.toEqualTypeOf<TriggerReport>();
