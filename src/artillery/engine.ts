/**
 * `recall-emulator/artillery`: a virtual user of Artillery that is a bot of ours. Its steps play meetings; what they cost
 * goes into Artillery's own report. All virtual users of a process share one pacer, one buffer and one cache of base64.
 *
 * Artillery loads engines by name: the package `artillery-engine-recall` beside this one hands it `createRecallScenario`.
 */
import type { EventEmitter } from 'node:events';
import { realClock } from '../emulator/clock.ts';
import { Base64Cache, Scratch } from '../emulator/encoder.ts';
import { Histogram } from '../emulator/histogram.ts';
import { DROP_REASONS } from '../emulator/ledger.ts';
import { checkSendOptions, sendSettings, type TargetOptions } from '../emulator/options.ts';
import { Pacer } from '../emulator/pacer.ts';
import type { Session } from '../emulator/session.ts';
import { UsageError } from '../errors.ts';
import { botSession } from '../load/bot.ts';
import { LOAD_DEFAULTS } from '../load/defaults.ts';
import { loadTimeline } from '../load/timeline.ts';
import { checkRange, PEOPLE } from '../range.ts';
import { parseDuration } from '../scenario/duration.ts';
import { openMeeting } from '../scenario/open.ts';
import type { Timeline } from '../scenario/timeline.ts';
import { readTarget } from '../target.ts';

/** `config.engines.recall`, and the same fields in a `play` step, which win. */
export interface RecallEngineConfig extends TargetOptions {
  /** `ws://` or `wss://` URL; default `config.target`. */
  readonly to?: string;
  /** Of each meeting, all of them talking; default 4. */
  readonly participants?: number;
  /** Seconds, or text such as `30s`; default 60. */
  readonly duration?: string | number;
  /** A scenario file, a capture or a built-in name, in place of `participants` and `duration`. */
  readonly scenario?: string;
}

/** The part of an Artillery script that is read here. */
export interface RecallScript {
  readonly config: {
    readonly target?: string;
    readonly engines?: { readonly recall?: RecallEngineConfig | null };
  };
}

/** One scenario of a script: its steps are `play`s, and Artillery's own `think`s in seconds. */
export interface RecallScenarioSpec {
  readonly flow: readonly (
    | { readonly play?: RecallEngineConfig | null; readonly think?: number }
    | undefined
  )[];
}

/** A virtual user: Artillery calls it with a context and is called back with that context. */
export type VirtualUser = (
  context: unknown,
  callback: (error: Error | null, context: unknown) => void,
) => void;

const pacer = new Pacer(realClock());
const scratch = new Scratch();
const cache = new Base64Cache();
const timelines = new Map<string, Promise<Timeline>>();
let bots = 0;

/** Makes a scenario's virtual users. Throws a `UsageError` for a step that is none. */
export function createRecallScenario(
  script: RecallScript,
  spec: RecallScenarioSpec,
  events: EventEmitter,
): VirtualUser {
  const steps = spec.flow.map((step) => stepOf(script, step));
  return (context, callback) => {
    events.emit('started');
    (async () => {
      for (const step of steps) await step(events);
    })().then(
      () => callback(null, context),
      (error: Error) => {
        events.emit('error', error.message);
        callback(error, context);
      },
    );
  };
}

function stepOf(
  { config }: RecallScript,
  step: RecallScenarioSpec['flow'][number],
): (events: EventEmitter) => Promise<void> {
  const wait = step?.think;
  if (wait !== undefined)
    return () => new Promise((resolve) => pacer.at(pacer.clock.now() + wait * 1_000, resolve));
  if (step === undefined || !('play' in step)) {
    throw new UsageError('unknown_step', `${JSON.stringify(step)} is not a step of the recall engine.`, {
      hint: 'A step is play: { participants, duration } or think: seconds.',
    });
  }
  const settings: RecallEngineConfig = { ...config.engines?.recall, ...step.play };
  const to = checkedTarget(settings, config.target);
  return (events) => playMeeting(to, settings, events);
}

/** The URL to dial. Throws a `UsageError` for settings that cannot be used, before any virtual user arrives. */
function checkedTarget(settings: RecallEngineConfig, target: string | undefined): string {
  const { to = target, participants = LOAD_DEFAULTS.participants } = settings;
  if (to === undefined) {
    throw new UsageError('no_target', 'There is no receiver to play at.', {
      hint: 'Set config.target to its URL, such as ws://127.0.0.1:4000/audio/.',
    });
  }
  checkSendOptions(settings);
  checkRange('invalid_participants', 'participants', participants, PEOPLE);
  return readTarget(to, 'websocket');
}

async function playMeeting(to: string, settings: RecallEngineConfig, events: EventEmitter): Promise<void> {
  const lateness = new Histogram();
  const session: Session = botSession({
    bot: bots++,
    to,
    timeline: await timelineOf(settings),
    pacer,
    scratch,
    cache,
    lateness,
    seed: LOAD_DEFAULTS.seed,
    headers: settings.headers ?? {},
    secret: settings.secret,
    send: sendSettings(settings),
    probe: {
      pingEveryMs: LOAD_DEFAULTS.pingEverySeconds * 1_000,
      onConnected: (ms) => events.emit('histogram', 'recall.connect_ms', ms),
      onRoundTrip: (ms) => events.emit('histogram', 'recall.ping_ms', ms),
    },
  });
  events.emit('counter', 'recall.streams', session.timeline.streams.length);
  await session.play();
  const { scheduled, sent, dropped } = session.ledger.totals();
  events.emit('counter', 'recall.frames.scheduled', scheduled);
  events.emit('counter', 'recall.frames.sent', sent);
  for (const reason of DROP_REASONS)
    if (dropped[reason] > 0) events.emit('counter', `recall.frames.dropped.${reason}`, dropped[reason]);
  for (const { closeCode } of session.ledger.connections)
    events.emit('counter', `recall.closes.${closeCode ?? 'never_opened'}`, 1);
  // Values of every single frame would cost more than the frames do: each bot tells its percentiles.
  const { p50, p99, max } = lateness.summary();
  events.emit('histogram', 'recall.lateness_ms.p50', p50);
  events.emit('histogram', 'recall.lateness_ms.p99', p99);
  events.emit('histogram', 'recall.lateness_ms.max', max);
  if (session.endpoints.some(({ status }) => status === 'failed'))
    throw new Error(
      session.endpoints.find(({ failure }) => failure !== undefined)?.failure?.text ?? 'the endpoint failed',
    );
}

/** Virtual users of the same meeting share its audio. */
function timelineOf({
  scenario,
  participants = LOAD_DEFAULTS.participants,
  duration = LOAD_DEFAULTS.durationSeconds,
}: RecallEngineConfig): Promise<Timeline> {
  const key = scenario ?? `${participants} ${duration}`;
  let timeline = timelines.get(key);
  if (timeline === undefined) {
    const seconds = parseDuration(duration);
    if (seconds === undefined)
      throw new UsageError('invalid_duration', `"${duration}" is not a time.`, {
        hint: 'Write such as 30s or 2m.',
      });
    timeline =
      scenario === undefined
        ? Promise.resolve(loadTimeline(participants, seconds, LOAD_DEFAULTS.seed))
        : openMeeting(scenario).then(({ timeline: opened }) => opened);
    timelines.set(key, timeline);
  }
  return timeline;
}
