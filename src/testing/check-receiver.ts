/**
 * `checkReceiver`: runs a user's own message handler through random meetings, without sockets, and names the property that
 * does not hold. Meetings and messages are the emulator's; time is replaced, so that a receiver which goes by the wall clock
 * is found out.
 */
import fc from 'fast-check';
import type { ConnectionMode } from '../emulator/endpoint.ts';
import { type ScriptStep, scriptOf, scriptResources } from '../emulator/script.ts';
import { EmulatorError, UsageError } from '../errors.ts';
import type { AudioSeparateRawData } from '../protocol/audio-separate.ts';
import { SAMPLE_RATE } from '../protocol/pcm.ts';
import { participantAudio } from '../scenario/audio.ts';
import { compileScenario } from '../scenario/compile.ts';
import type { Scenario } from '../scenario/schema.ts';
import { scenarioToYaml } from '../scenario/stringify.ts';
import type { Timeline } from '../scenario/timeline.ts';
import { type Defect, type MalformedMessages, scenarioArb, spoilerArb } from './arbitraries.ts';
import { firstDifference } from './differences.ts';
import { samplesOf } from './messages.ts';

/** What takes the messages of one connection. */
export interface ConnectionHandler {
  /** One text message, as it came. Throwing is a failure: in a server it would end the process. */
  message(text: string): void | Promise<void>;
  /** The connection has ended, with this close code (1006 when it was lost). */
  close(code: number): void | Promise<void>;
}

/** A receiver without its sockets. */
export interface ReceiverUnderTest {
  /** A connection has opened. */
  connect(): ConnectionHandler;
  /**
   * A participant's audio from the start of the recording on, with silence where they were muted: samples, or S16LE bytes.
   * What comes after their last frame may be left out.
   */
  audio(
    participantId: number,
    recordingId: string,
  ): Int16Array | Uint8Array | undefined | Promise<Int16Array | Uint8Array | undefined>;
}

export interface CheckOptions {
  /** Meetings for each property; default 50. */
  readonly runs?: number;
  /** Repeats a run: the seed that a failure names. */
  readonly seed?: number;
  /** Properties to check, by name; all by default. */
  readonly properties?: readonly ReceiverProperty[];
}

/** One random situation: a meeting, and what goes wrong in it. */
interface Situation {
  readonly scenario: Scenario;
  readonly mode: ConnectionMode;
  readonly frameMs: readonly number[];
  /** Milliseconds by which each message comes late, in turn. */
  readonly delaysMs: readonly number[];
  /** Changes the script: losses, duplicates, malformed messages. */
  readonly disturb: (steps: readonly ScriptStep[]) => readonly ScriptStep[];
  /** What the disturbance is, in words. */
  readonly disturbance: string | undefined;
}

interface Property {
  readonly name: string;
  /** What it takes to have it. */
  readonly hint: string;
  readonly situations: fc.Arbitrary<Situation>;
}

/** Distinct names, so that only the property about names depends on them. */
function named(
  scenario: Scenario,
  name: (index: number) => string | null = (index) => `Person ${index + 1}`,
): Scenario {
  return {
    ...scenario,
    participants: scenario.participants.map((participant, index) => ({ ...participant, name: name(index) })),
  };
}

const plain = {
  mode: 'per-participant' as const,
  frameMs: [100],
  delaysMs: [0],
  disturb: same,
  disturbance: undefined,
};

function same(steps: readonly ScriptStep[]): readonly ScriptStep[] {
  return steps;
}

/** One person whose microphone is open from the first moment to the last: nothing but arrival can go wrong. */
const alone = scenarioArb({ maxParticipants: 1, minIntervals: 1, maxIntervals: 1 }).map((scenario) => {
  const start = Number(scenario.timeline[0]?.at ?? 0);
  return {
    ...named(scenario),
    silence: 'noise' as const,
    participants: scenario.participants.map(({ id }) => ({ id, name: 'Person 1' })),
    timeline: scenario.timeline.map((action) => ({
      ...action,
      at: Math.round((Number(action.at) - start) * 1_000) / 1_000,
    })),
  };
});
const together = scenarioArb({ minParticipants: 2, maxParticipants: 3, minIntervals: 1 });

/** Defects that no receiver can make sense of. */
const UNUSABLE: readonly Defect[] = [
  'not_json',
  'not_an_object',
  'missing_field',
  'wrong_type',
  'bad_base64',
];

/** What a defect is called does not depend on the message that has it. */
const EXAMPLE = {
  event: 'audio_separate_raw.data',
  data: { data: { timestamp: {} } },
} as AudioSeparateRawData;

const PROPERTIES = [
  {
    name: 'audio stands where its timestamp says, whenever it arrives',
    hint: 'Go by timestamp.relative. Messages may be held up by seconds and then come at once; Date.now() says nothing about where audio belongs.',
    situations: fc
      .record({
        scenario: alone,
        delaysMs: fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 5 }),
      })
      .map(({ scenario, delaysMs }) => ({ ...plain, scenario, delaysMs })),
  },
  {
    name: 'the silence of mutes is restored',
    hint: 'Nothing is sent while somebody is muted: fill up to timestamp.relative with silence before you append.',
    situations: scenarioArb({ maxParticipants: 1, minIntervals: 2 }).map((scenario) => ({
      ...plain,
      scenario: named(scenario),
    })),
  },
  {
    name: 'a close ends its own stream only',
    hint: 'Each unmuted participant has a connection of their own: what ends with it is theirs, not the recording.',
    situations: together.map((scenario) => ({ ...plain, scenario: named(scenario) })),
  },
  {
    name: 'people of the same name are told apart',
    hint: 'Key by participant.id: names may be equal, null, or change.',
    situations: fc
      .record({ scenario: together, name: fc.constantFrom('Ada', null) })
      .map(({ scenario, name }) => ({ ...plain, scenario: named(scenario, () => name) })),
  },
  {
    name: 'one shared connection works as well',
    hint: 'Newer documentation has one connection for all participants: keep state by recording and participant, not by socket.',
    situations: together.map((scenario) => ({
      ...plain,
      scenario: named(scenario),
      mode: 'per-endpoint' as const,
    })),
  },
  {
    name: 'frames may have any size',
    hint: 'The length of a buffer is not documented: take as many samples as it has.',
    situations: fc
      .record({
        scenario: together,
        frameMs: fc.array(fc.integer({ min: 10, max: 400 }), { minLength: 1, maxLength: 3 }),
      })
      .map(({ scenario, frameMs }) => ({ ...plain, scenario: named(scenario), frameMs })),
  },
  {
    name: 'a stream goes on after its connection is lost',
    hint: 'The same participant comes back over a new connection, with timestamps that go on.',
    situations: fc
      .record({ scenario: together, at: fc.nat(30), late: fc.boolean(), mode: modeArb() })
      .map(({ scenario, at, late, mode }) => ({
        ...plain,
        scenario: named(scenario),
        mode,
        disturb: (steps: readonly ScriptStep[]) => reconnected(steps, at, late),
        disturbance: late
          ? `the connection is replaced before message ${at + 1}, and the old one closes after it`
          : `the connection is lost before message ${at + 1} and replaced`,
      })),
  },
  {
    name: 'a message that comes twice counts once',
    hint: 'Put audio at its position instead of appending it; what is there already stays.',
    situations: fc
      .record({ scenario: together, every: fc.integer({ min: 1, max: 5 }) })
      .map(({ scenario, every }) => ({
        ...plain,
        scenario: named(scenario),
        disturb: (steps: readonly ScriptStep[]) =>
          steps.flatMap((step, index) =>
            step.kind === 'message' && index % every === 0 ? [step, step] : [step],
          ),
        disturbance: 'some messages come twice',
      })),
  },
  {
    name: 'a malformed message breaks nothing else',
    hint: 'Check a message before you use it, and go on without it.',
    situations: fc
      .record({
        scenario: together,
        at: fc.nat(20),
        spoil: spoilerArb(UNUSABLE),
      })
      .map(({ scenario, at, spoil }) => ({
        ...plain,
        scenario: named(scenario),
        disturb: (steps: readonly ScriptStep[]) => withMalformed(steps, at, spoil),
        disturbance: `before one message comes another that is not valid: ${spoil(EXAMPLE).description}`,
      })),
  },
] as const satisfies readonly Property[];

export type ReceiverProperty = (typeof PROPERTIES)[number]['name'];

/** The names of all properties, in the order in which they are checked. */
export const RECEIVER_PROPERTIES: readonly ReceiverProperty[] = PROPERTIES.map(({ name }) => name);

/** A property does not hold. The message says which, why that may be, where, and in which meeting. */
export class ReceiverCheckError extends EmulatorError {
  override readonly name: string = 'ReceiverCheckError';
  readonly property: string;
  /** The smallest meeting that shows it. */
  readonly scenario: Scenario;

  constructor(property: string, scenario: Scenario, message: string) {
    super('property_failed', message);
    this.property = property;
    this.scenario = scenario;
  }
}

/**
 * Checks all properties in turn and rejects with a `ReceiverCheckError` for the first that does not hold. `create` makes a
 * fresh receiver for every meeting. While it runs, `Date.now` and `performance.now` tell the meeting's time.
 */
export async function checkReceiver(
  create: () => ReceiverUnderTest,
  options: CheckOptions = {},
): Promise<void> {
  const { properties = RECEIVER_PROPERTIES, runs = 50, seed } = options;
  for (const name of properties) {
    const property: Property | undefined = PROPERTIES.find((each) => each.name === name);
    if (property === undefined) {
      throw new UsageError('unknown_property', `"${name}" is not a property.`, {
        hint: `They are: ${RECEIVER_PROPERTIES.join('; ')}.`,
      });
    }
    const details = await fc.check(
      fc.asyncProperty(property.situations, (situation) => hold(create, situation)),
      { numRuns: runs, ...(seed === undefined ? {} : { seed }) },
    );
    if (!details.failed) continue;
    const [situation] = details.counterexample ?? [];
    if (situation === undefined) throw details.errorInstance;
    throw new ReceiverCheckError(name, situation.scenario, explain(property, situation, details));
  }
}

function explain(
  { name, hint }: Property,
  { scenario, mode, frameMs, disturbance }: Situation,
  { errorInstance, numShrinks, seed }: { errorInstance?: unknown; numShrinks: number; seed: number },
): string {
  const why = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  const meeting = scenarioToYaml(scenario)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => `    ${line}`);
  return [
    `the receiver does not have this property: ${name}`,
    `  ${hint}`,
    '',
    ...why.split('\n').map((line) => `  ${line}`),
    '',
    `  The smallest meeting found (${numShrinks} shrinks, seed ${seed}), ${mode}, frames of ${frameMs.join(', ')} ms${disturbance === undefined ? '' : `; ${disturbance}`}:`,
    ...meeting,
  ].join('\n');
}

/** Throws when the receiver's audio is not the meeting's. */
async function hold(create: () => ReceiverUnderTest, situation: Situation): Promise<void> {
  const timeline = await compileScenario(situation.scenario);
  const steps = situation.disturb(scriptOf(timeline, situation));
  const receiver = create();
  await deliver(receiver, steps, situation.delaysMs);
  const { recording } = scriptResources(timeline.seed);
  for (const [index, { id, name }] of timeline.participants.entries()) {
    const expected = participantAudio(timeline, index);
    if (expected.length === 0) continue;
    const given = await receiver.audio(id, recording.id);
    const actual = given instanceof Int16Array ? given : samplesOf(given ?? new Uint8Array());
    const difference = firstDifference(expected, actual, { trailingSilence: true });
    if (difference !== undefined)
      throw new Error(
        `participant ${id}${name === null ? '' : ` (${name})`}: ${difference}${nearby(timeline, index, difference)}`,
      );
  }
}

/** Where in the participant's microphone time a difference lies. */
function nearby(timeline: Timeline, participant: number, difference: string): string {
  const at = Number(/sample (\d+)/.exec(difference)?.[1] ?? Number.NaN);
  const stretches = timeline.streams
    .filter((plan) => plan.participant === participant)
    .map(({ startSample, endSample }) => {
      const here = at >= startSample && at < endSample ? ' ←' : '';
      return `${startSample / SAMPLE_RATE}–${endSample / SAMPLE_RATE} s${here}`;
    });
  return `\nunmuted: ${stretches.join(', ')}`;
}

/** Hands the steps to the receiver, with a clock that shows when each would have come. */
async function deliver(
  receiver: ReceiverUnderTest,
  steps: readonly ScriptStep[],
  delaysMs: readonly number[],
): Promise<void> {
  const handlers = new Map<number, ConnectionHandler>();
  const epochMs = Date.UTC(2026, 0, 1, 10);
  let nowMs = 0;
  let messages = 0;
  const restore = replaceTime(() => nowMs, epochMs);
  try {
    for (const step of steps) {
      const delay = step.kind === 'message' ? delaysMs[messages++ % delaysMs.length]! : 0;
      // What is held up holds up what comes behind it.
      nowMs = Math.max(nowMs, (step.atSample * 1_000) / SAMPLE_RATE + delay);
      if (step.kind === 'open') handlers.set(step.connection, receiver.connect());
      else if (step.kind === 'close') await handlers.get(step.connection)?.close(step.code);
      else await handlers.get(step.connection)?.message(step.text);
    }
  } finally {
    restore();
  }
}

function replaceTime(nowMs: () => number, epochMs: number): () => void {
  const { now: dateNow } = Date;
  const performanceNow = performance.now;
  Date.now = () => epochMs + nowMs();
  performance.now = nowMs;
  return () => {
    Date.now = dateNow;
    performance.now = performanceNow;
  };
}

function modeArb(): fc.Arbitrary<ConnectionMode> {
  return fc.constantFrom('per-participant', 'per-endpoint');
}

/** The connection of the message at this place is replaced by a new one before it. */
function reconnected(steps: readonly ScriptStep[], at: number, late: boolean): readonly ScriptStep[] {
  const messages = steps.filter((step) => step.kind === 'message');
  const message = messages[at % Math.max(1, messages.length)];
  if (message === undefined) return steps;
  const index = steps.indexOf(message);
  const old = message.connection;
  const next = Math.max(...steps.map(({ connection }) => connection)) + 1;
  const { atSample } = message;
  const closed: ScriptStep = { kind: 'close', connection: old, atSample, code: 1006 };
  const opened: ScriptStep = { kind: 'open', connection: next, atSample };
  const rest = steps
    .slice(index)
    .map((step) => (step.connection === old ? { ...step, connection: next } : step));
  const [first, ...others] = rest;
  return late
    ? [...steps.slice(0, index), opened, first!, { ...closed, code: 1000 }, ...others]
    : [...steps.slice(0, index), closed, opened, ...rest];
}

function withMalformed(
  steps: readonly ScriptStep[],
  at: number,
  spoil: (good: AudioSeparateRawData) => MalformedMessages,
): readonly ScriptStep[] {
  const places = steps.filter((step) => step.kind === 'message');
  const place = places[at % Math.max(1, places.length)];
  if (place === undefined) return steps;
  const index = steps.indexOf(place);
  const { messages } = spoil(JSON.parse(place.text));
  return [...steps.slice(0, index), { ...place, text: messages.at(-1)! }, ...steps.slice(index)];
}
