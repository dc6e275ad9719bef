/**
 * `play`: a meeting at a receiver, from scenario to report. Puts scenario, emulator and (with no receiver of the user's)
 * the embedded receiver together; everything it does is done by them. Prints nothing.
 */
import { randomUUID } from 'node:crypto';
import { type Clock, realClock, virtualClock } from './emulator/clock.ts';
import type { ConnectionMode } from './emulator/endpoint.ts';
import { Pacer } from './emulator/pacer.ts';
import { type PlayReport, playReport, type ReceivedComparison } from './emulator/report.ts';
import { type LogLevel, Session } from './emulator/session.ts';
import { UsageError } from './errors.ts';
import { createIds } from './protocol/ids.ts';
import { SAMPLE_RATE } from './protocol/pcm.ts';
import { refFor } from './protocol/resource.ts';
import { signRequest } from './protocol/signing.ts';
import type { AbsoluteFormat } from './protocol/timestamp.ts';
import { compareRecording } from './receiver/compare.ts';
import { type Receiver, startReceiver } from './receiver/receiver.ts';
import type { RecordingStats } from './receiver/stats.ts';
import { loadCapture } from './scenario/capture.ts';
import { compileScenario } from './scenario/compile.ts';
import { loadScenario } from './scenario/load.ts';
import type { Scenario } from './scenario/schema.ts';
import type { Timeline } from './scenario/timeline.ts';
import { checkHeaders, readTarget } from './target.ts';

/** Options of `play`. Seconds are meeting seconds unless they say otherwise. */
export interface PlayOptions {
  /** A scenario file, a scenario object or builder's result, or a compiled timeline. */
  readonly scenario?: string | Scenario | Timeline | undefined;
  /** A capture (NDJSON of events) to replay instead of a scenario. */
  readonly capture?: string | undefined;
  /** `ws://` or `wss://` URL; path and query are dialled as they are. Without it the embedded receiver takes the meeting. */
  readonly to?: string | undefined;
  /** Folder for what the embedded receiver records; it has none with `to`. */
  readonly out?: string | undefined;
  /** Default `per-participant`. */
  readonly connections?: ConnectionMode | undefined;
  /** One or more frame lengths in milliseconds, repeated in turn; 10 to 1000. Default 100. */
  readonly frameMs?: number | readonly number[] | undefined;
  /** 1 is real time (default); `max` is as fast as the receiver takes it, in exact timestamp order. */
  readonly speed?: number | 'max' | undefined;
  /** Ids and generated audio derive from it. Default: the scenario's seed. */
  readonly seed?: number | undefined;
  /** When the recording starts; default now. */
  readonly startTime?: Date | undefined;
  readonly absoluteFormat?: AbsoluteFormat | undefined;
  /** `whsec_…`: upgrades are signed. */
  readonly secret?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Accept any TLS certificate. */
  readonly insecure?: boolean | undefined;
  readonly tolerateInvalidFrames?: boolean | undefined;
  /** Dials after the one that began the incident; default 30. */
  readonly retryAttempts?: number | undefined;
  /** Default 3. */
  readonly retryIntervalSeconds?: number | undefined;
  /** Backlog per connection; default 1 MiB. */
  readonly maxBacklogBytes?: number | undefined;
  /** Audio kept while there is no connection; default 0: live audio does not wait. */
  readonly bufferDisconnectedSeconds?: number | undefined;
  /** Audio kept while a handshake is under way; default 1. */
  readonly connectGraceSeconds?: number | undefined;
  /** Drop and replace every WebSocket after this long. */
  readonly reconnectEverySeconds?: number | undefined;
  /** How long such a drop lasts; default 1. */
  readonly reconnectGapSeconds?: number | undefined;
  /** Keep the socket open this long after the mute; default 0. */
  readonly lateCloseSeconds?: number | undefined;
  /** Wall seconds to wait for the answer to an upgrade; default 10. */
  readonly handshakeTimeoutSeconds?: number | undefined;
  /** Wall seconds to wait for the answer to our close frame; default 5. */
  readonly closeTimeoutSeconds?: number | undefined;
  /** Wall seconds that `speed: 'max'` waits for a receiver that does not read; default 30. */
  readonly stallTimeoutSeconds?: number | undefined;
  /** Ends the meeting early and cleanly. */
  readonly signal?: AbortSignal | undefined;
  /** The session, before it starts: for live displays. */
  readonly onSession?: ((session: Session) => void) | undefined;
  readonly onLog?: ((level: LogLevel, text: string) => void) | undefined;
  /** Replaces the clock that `speed` would choose. */
  readonly clock?: Clock | undefined;
}

/** Longest retry interval, buffer or timer that makes sense, in seconds. */
const DAY_SECONDS = 86_400;

/**
 * Plays a meeting and resolves with the account of every frame, also when the receiver failed (`ok` is false then).
 * Rejects with a `UsageError` or `InvalidInputError` for options and files that cannot be used, and with an `AudioError` for
 * audio that can no longer be read when its moment comes; every connection has closed by then.
 */
export async function play(options: PlayOptions = {}): Promise<PlayReport> {
  checkOptions(options);
  const timeline = await timelineOf(options);
  const receiver = options.to === undefined ? await startReceiver(receiverOptions(options)) : undefined;
  try {
    return await playTo(receiver, timeline, options);
  } finally {
    await receiver?.close();
  }
}

async function playTo(
  receiver: Receiver | undefined,
  timeline: Timeline,
  options: PlayOptions,
): Promise<PlayReport> {
  const ids = createIds(options.seed ?? timeline.seed);
  const session = new Session({
    timeline,
    endpoints: [
      {
        url: options.to === undefined ? receiver!.url : readTarget(options.to, 'websocket'),
        resource: refFor(ids, 'realtime_endpoint'),
        headers: options.headers,
        secret: options.secret,
      },
    ],
    pacer: new Pacer(
      options.clock ?? (options.speed === 'max' ? virtualClock() : realClock({ speed: options.speed ?? 1 })),
    ),
    ids,
    recording: refFor(ids, 'recording'),
    audioSeparate: refFor(ids, 'audio_separate'),
    bot: refFor(ids, 'bot'),
    startMicros: (options.startTime ?? new Date()).getTime() * 1_000,
    absoluteFormat: options.absoluteFormat ?? 'micros-offset',
    mode: options.connections ?? 'per-participant',
    frameMs: typeof options.frameMs === 'number' ? [options.frameMs] : (options.frameMs ?? [100]),
    connection: connectionOptions(options),
    nowSeconds: () => Math.floor(Date.now() / 1_000),
  });
  session.events.on('log', (level, text) => options.onLog?.(level, text));
  options.onSession?.(session);
  await session.play(options.signal);
  if (receiver === undefined) return playReport(session);

  await receiver.close();
  const { invalid, recordings } = receiver.stats();
  const recording = recordings.find(({ id }) => id === session.options.recording.id);
  const outError = recording?.failure ?? undefined;
  return playReport(session, {
    out: receiver.dir,
    outError,
    receiverProblems: invalid,
    received:
      receiver.dir === undefined || outError !== undefined
        ? undefined
        : await compareReceived(session, recording),
  });
}

async function timelineOf(options: PlayOptions): Promise<Timeline> {
  const { scenario, capture, seed } = options;
  if (capture !== undefined) return loadCapture(capture);
  if (scenario === undefined) {
    throw new UsageError('no_scenario', 'There is nothing to play.', {
      hint: 'Give a scenario or a capture.',
    });
  }
  if (typeof scenario !== 'string' && 'streams' in scenario) return scenario;
  const loaded = typeof scenario === 'string' ? await loadScenario(scenario) : scenario;
  return compileScenario(loaded, seed === undefined ? {} : { seed });
}

function receiverOptions(options: PlayOptions): Parameters<typeof startReceiver>[0] {
  return {
    dir: options.out,
    // Ids come from the seed: the same meeting played again has the same folder.
    earlier: 'replace',
    secret: options.secret,
  };
}

async function compareReceived(
  session: Session,
  recording: RecordingStats | undefined,
): Promise<ReadonlyMap<number, ReceivedComparison>> {
  const { timeline, ledger } = session;
  const missing = new Map<number, { startSample: number; endSample: number }[]>();
  for (const account of ledger.accounts) {
    const { id } = timeline.participants[account.participant]!;
    missing.set(id, [...(missing.get(id) ?? []), ...account.missing]);
  }
  // After an interrupt the rest of the meeting was never scheduled; comparing its silence would say nothing.
  const untilSample = session.interruptedSeconds === undefined ? undefined : session.scheduledUntil();
  const result = await compareRecording({ timeline, recording, missing, untilSample });
  return new Map(
    result.participants.map((each) => [
      each.id,
      {
        ok: each.differentSamples === 0,
        compared_samples: each.comparedSamples,
        different_samples: each.differentSamples,
        first_difference_s:
          each.firstDifferenceSample === null ? null : each.firstDifferenceSample / SAMPLE_RATE,
        file: each.file,
      },
    ]),
  );
}

function connectionOptions(options: PlayOptions): Session['options']['connection'] {
  const ms = (seconds: number | undefined, fallback: number): number => (seconds ?? fallback) * 1_000;
  return {
    insecure: options.insecure ?? false,
    tolerateInvalidFrames: options.tolerateInvalidFrames ?? false,
    handshakeTimeoutMs: ms(options.handshakeTimeoutSeconds, 10),
    closeTimeoutMs: ms(options.closeTimeoutSeconds, 5),
    stallTimeoutMs: ms(options.stallTimeoutSeconds, 30),
    retryAttempts: options.retryAttempts ?? 30,
    retryIntervalMs: ms(options.retryIntervalSeconds, 3),
    maxBacklogBytes: options.maxBacklogBytes ?? 1024 * 1024,
    bufferDisconnectedMs: ms(options.bufferDisconnectedSeconds, 0),
    connectGraceMs: ms(options.connectGraceSeconds, 1),
    reconnectEveryMs:
      options.reconnectEverySeconds === undefined ? undefined : options.reconnectEverySeconds * 1_000,
    reconnectGapMs: ms(options.reconnectGapSeconds, 1),
    lateCloseMs: ms(options.lateCloseSeconds, 0),
  };
}

function checkOptions(options: PlayOptions): void {
  const { to, speed, secret, startTime } = options;
  if (to !== undefined) readTarget(to, 'websocket');
  checkHeaders(options.headers ?? {});
  if (startTime !== undefined && Number.isNaN(startTime.getTime())) {
    throw new UsageError('invalid_start_time', 'startTime is not a date.', {
      hint: 'Give a valid Date, or leave it out for now.',
    });
  }
  if (speed !== undefined && speed !== 'max' && !(speed > 0 && speed <= 1_000)) {
    throw new UsageError('invalid_speed', `A speed of ${speed} is not possible.`, {
      hint: 'Give a number above 0 and up to 1000, or max.',
    });
  }
  // Signs nothing: finds out now whether the secret is one.
  if (secret !== undefined) signRequest({ secret, id: `msg_${randomUUID()}`, timestampSeconds: 0 });
  const seconds: (keyof PlayOptions)[] = [
    'retryIntervalSeconds',
    'bufferDisconnectedSeconds',
    'connectGraceSeconds',
    'reconnectGapSeconds',
    'lateCloseSeconds',
  ];
  for (const name of seconds) checkRange(name, options[name] as number | undefined, 0, DAY_SECONDS);
  for (const name of ['handshakeTimeoutSeconds', 'closeTimeoutSeconds', 'stallTimeoutSeconds'] as const) {
    checkRange(name, options[name], 0.001, DAY_SECONDS);
  }
  checkRange('reconnectEverySeconds', options.reconnectEverySeconds, 0.1, DAY_SECONDS);
  checkRange('retryAttempts', options.retryAttempts, 0, 1_000_000);
  checkRange('maxBacklogBytes', options.maxBacklogBytes, 0, 1024 ** 3);
}

function checkRange(name: string, value: number | undefined, min: number, max: number): void {
  if (value === undefined || (value >= min && value <= max)) return;
  throw new UsageError('invalid_option', `${name} is ${value}.`, { hint: `It goes from ${min} to ${max}.` });
}
