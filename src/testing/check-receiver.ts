/**
 * `checkReceiver`: runs a user's own message handler through random meetings, without sockets, and names the property that
 * does not hold. Meetings and messages are the emulator's; time is replaced, so that a receiver which goes by the wall clock
 * is found out.
 */
import fc from 'fast-check';
import { RECEIVER_PROPERTIES, type ReceiverProperty, withNeeded } from '../check/properties/index.ts';
import type { Property } from '../check/properties/property.ts';
import { describeSituation, type Situation } from '../check/situations.ts';
import { EmulatorError, UsageError } from '../errors.ts';
import type { Scenario } from '../scenario/schema.ts';
import { scenarioToYaml } from '../scenario/stringify.ts';
import { inTurn } from './meeting-time.ts';
import { callWithin, ReceiverFault } from './receiver-call.ts';
import { checkFactory, type ReceiverFactory } from './receiver-under-test.ts';
import { tryReceiver } from './trial.ts';

export interface CheckOptions {
  /** Meetings for each property; default 50. */
  readonly runs?: number | undefined;
  /** Repeats a run: the seed that a failure names. */
  readonly seed?: number | undefined;
  /** Properties to check, by name, after those that they need; all by default. */
  readonly properties?: readonly ReceiverProperty[] | undefined;
  /** How long one call of the receiver may take, in milliseconds; default 5,000. */
  readonly messageTimeoutMs?: number | undefined;
}

/** A property does not hold. The message says which, why that may be, where, and in which meeting. */
export class ReceiverCheckError extends EmulatorError {
  override readonly name: string = 'ReceiverCheckError';
  readonly property: ReceiverProperty;
  /** The smallest meeting that shows it. */
  readonly scenario: Scenario;

  /** `cause` is what the receiver threw, or that it took too long; undefined when it kept other audio. */
  constructor(property: ReceiverProperty, scenario: Scenario, message: string, cause?: unknown) {
    super('property_failed', message, { cause });
    this.property = property;
    this.scenario = scenario;
  }
}

/**
 * Checks all properties in turn and rejects with a `ReceiverCheckError` for the first that does not hold, or with a
 * `UsageError` for wrong options and for what is no receiver. `create` makes a fresh receiver for every meeting. While a
 * meeting runs, `Date` and `performance.now` tell its time; checks therefore run one after another.
 */
export async function checkReceiver(create: ReceiverFactory, options: CheckOptions = {}): Promise<void> {
  checkFactory(create);
  const { runs, seed, properties, messageTimeoutMs } = readOptions(options);
  await inTurn(async () => {
    for (const property of withNeeded(properties)) {
      const failure = await failureOf(property, create, { runs, seed, messageTimeoutMs });
      if (failure === undefined) continue;
      const needed = properties.find((name) => name === property.name) === undefined;
      throw new ReceiverCheckError(
        property.name as ReceiverProperty,
        failure.situation.scenario,
        explain(property, failure, needed ? properties : []),
        failure.fault.cause,
      );
    }
  });
}

interface Settings {
  readonly runs: number;
  readonly seed: number | undefined;
  readonly messageTimeoutMs: number;
}

interface Failure {
  readonly situation: Situation;
  readonly fault: ReceiverFault;
  readonly numShrinks: number;
  readonly seed: number;
}

/** The smallest situation found in which a property does not hold. */
async function failureOf(
  { situations, examples = [] }: Property,
  create: ReceiverFactory,
  { runs, seed, messageTimeoutMs }: Settings,
): Promise<Failure | undefined> {
  const call = callWithin(messageTimeoutMs);
  let isOver = false;
  const details = await fc.check(
    fc.asyncProperty(situations, async (situation) => {
      if (isOver) return;
      try {
        await tryReceiver(create, situation, call);
      } catch (error) {
        // A smaller meeting would say nothing new, or take as long again.
        isOver = !(error instanceof ReceiverFault) || error.isSlow;
        throw error;
      }
    }),
    {
      numRuns: runs + examples.length,
      examples: examples.map((example) => [example]),
      ...(seed === undefined ? {} : { seed }),
    },
  );
  if (!details.failed) return undefined;
  const { errorInstance, numShrinks } = details;
  const [situation] = details.counterexample ?? [];
  if (situation === undefined || !(errorInstance instanceof ReceiverFault)) throw errorInstance;
  return { situation, fault: errorInstance, numShrinks, seed: details.seed };
}

function explain(
  { name, hint }: Property,
  { situation, fault, numShrinks, seed }: Failure,
  neededBy: readonly string[],
): string {
  const meeting = scenarioToYaml(situation.scenario)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => `    ${line}`);
  return [
    `the receiver does not have this property: ${name}`,
    `  ${hint}`,
    ...(neededBy.length === 0 ? [] : [`  (Needed for: ${neededBy.join('; ')}.)`]),
    '',
    ...fault.message.split('\n').map((line) => `  ${line}`),
    '',
    `  The smallest meeting found (${numShrinks} shrinks, seed ${seed}), ${describeSituation(situation)}:`,
    ...meeting,
  ].join('\n');
}

const DEFAULTS = { runs: 50, messageTimeoutMs: 5_000 };
const OPTIONS = ['runs', 'seed', 'properties', 'messageTimeoutMs'] satisfies (keyof CheckOptions)[];
/** The longest that a timer can wait. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Throws a `UsageError` for whatever cannot be meant, above all for options that would check nothing. */
function readOptions(options: CheckOptions): Settings & { properties: readonly ReceiverProperty[] } {
  if (typeof options !== 'object' || options === null) {
    throw invalid('The options of checkReceiver are not an object.', `They are ${OPTIONS.join(', ')}.`);
  }
  for (const name of Object.keys(options)) {
    if ((OPTIONS as string[]).includes(name)) continue;
    throw invalid(`checkReceiver has no option "${name}".`, `They are ${OPTIONS.join(', ')}.`);
  }
  const { runs = DEFAULTS.runs, seed, messageTimeoutMs = DEFAULTS.messageTimeoutMs } = options;
  const { properties = RECEIVER_PROPERTIES } = options;
  if (!Number.isSafeInteger(runs) || runs < 1)
    throw invalid(`runs is ${runs}.`, 'It is the number of meetings for each property, 1 or more.');
  if (seed !== undefined && !Number.isSafeInteger(seed))
    throw invalid(`seed is ${seed}.`, 'It is a whole number: the one that a failure names.');
  if (!(messageTimeoutMs > 0 && messageTimeoutMs <= MAX_TIMER_MS))
    throw invalid(`messageTimeoutMs is ${messageTimeoutMs}.`, 'It is a time in milliseconds, above 0.');
  if (!Array.isArray(properties) || properties.length === 0)
    throw invalid('properties names none.', 'Leave it out to check all.');
  for (const name of properties) {
    if (RECEIVER_PROPERTIES.includes(name)) continue;
    throw new UsageError('unknown_property', `"${name}" is not a property.`, {
      hint: `They are: ${RECEIVER_PROPERTIES.join('; ')}.`,
    });
  }
  return { runs, seed, messageTimeoutMs, properties };
}

function invalid(message: string, hint: string): UsageError {
  return new UsageError('invalid_option', message, { hint });
}
