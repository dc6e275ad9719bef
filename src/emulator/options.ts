/**
 * How a meeting is sent: the options that `play`, `serve`, `load`, the engine for Artillery and the tests share, with their
 * defaults and their limits. Each stands here once, with its unit and where it comes from. Reads no files and dials nothing.
 */
import { UsageError } from '../errors.ts';
import { checkSecret } from '../protocol/signing.ts';
import type { AbsoluteFormat } from '../protocol/timestamp.ts';
import { checkRange, DAY_SECONDS, type Range } from '../range.ts';
import type { FaultFields } from '../scenario/faults.ts';
import { checkHeaders } from '../target.ts';
import { type Clock, realClock, virtualClock } from './clock.ts';
import type { ConnectionOptions } from './connection-options.ts';
import type { ConnectionMode } from './endpoint.ts';
import { frameSamples } from './frames.ts';

/** How meetings are sent, whoever sends them. Names end with the unit: meeting seconds, unless they say otherwise. */
export interface SendOptions {
  /** Default `per-participant`. */
  readonly connections?: ConnectionMode | undefined;
  /** One or more frame lengths in milliseconds, repeated in turn; 10 to 1000. Default 100. */
  readonly frameMs?: number | readonly number[] | undefined;
  /** How `timestamp.absolute` is written; default `micros-offset`. */
  readonly absoluteFormat?: AbsoluteFormat | undefined;
  /** `whsec_…`: what is sent is signed. */
  readonly secret?: string | undefined;
  /** Accept any TLS certificate. */
  readonly insecure?: boolean | undefined;
  /** Skip what a receiver writes and is no WebSocket frame, instead of ending the connection. */
  readonly tolerateInvalidFrames?: boolean | undefined;
  /** Dials after the one that began the incident; default 30. */
  readonly retryAttempts?: number | undefined;
  /** Between two dials; default 3. */
  readonly retryIntervalSeconds?: number | undefined;
  /** Backlog per connection beyond which frames are dropped; default 1 MiB. */
  readonly maxBacklogBytes?: number | undefined;
  /** Audio kept while there is no connection; default 0: live audio does not wait. */
  readonly bufferDisconnectedSeconds?: number | undefined;
  /** Audio kept while a handshake is under way; default 1. */
  readonly connectGraceSeconds?: number | undefined;
  /** Drop and replace every WebSocket after this long; never, when left out. */
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
}

/** What goes wrong on purpose. */
export interface FaultOptions {
  /** Such as `latency=200ms±50ms` or `reset@3s`, or the same as fields; docs/faults.md has them all. */
  readonly faults?: readonly (string | FaultFields)[] | undefined;
}

/** The same at one receiver. */
export interface TargetOptions extends SendOptions {
  /** Headers of every upgrade. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** How fast a meeting goes by. */
export interface PaceOptions {
  /** 1 is real time (default); `max` is as fast as the receiver takes it, in exact timestamp order. */
  readonly speed?: number | 'max' | undefined;
  /** Replaces the clock that `speed` would choose. */
  readonly clock?: Clock | undefined;
}

export const DEFAULTS = {
  /** "How to get Separate Audio per Participant (Realtime)", 2025-06; docs/decisions says why not the newer mode. */
  connections: 'per-participant',
  /** Recall documents no length for separate audio: our choice, as public receivers expect 80 to 100 ms. */
  frameMs: [100],
  /** The vendor's published examples of events. */
  absoluteFormat: 'micros-offset',
  speed: 1,
  /** "Real-Time Endpoints": 30 attempts, 3 s apart; then the endpoint has failed. */
  retryAttempts: 30,
  retryIntervalSeconds: 3,
  /** The rest is our choice. */
  maxBacklogBytes: 1024 * 1024,
  bufferDisconnectedSeconds: 0,
  connectGraceSeconds: 1,
  reconnectGapSeconds: 1,
  lateCloseSeconds: 0,
  handshakeTimeoutSeconds: 10,
  closeTimeoutSeconds: 5,
  stallTimeoutSeconds: 30,
} as const satisfies SendOptions & PaceOptions;

const SECONDS: Range = { min: 0, max: DAY_SECONDS, unit: 's' };
/** A wait of nothing would fail every time. */
const TIMEOUT: Range = { min: 0.001, max: DAY_SECONDS, unit: 's' };

const RANGES = {
  retryAttempts: { min: 0, max: 1_000_000, whole: true },
  retryIntervalSeconds: SECONDS,
  maxBacklogBytes: { min: 0, max: 1024 ** 3, unit: 'bytes' },
  bufferDisconnectedSeconds: SECONDS,
  connectGraceSeconds: SECONDS,
  reconnectEverySeconds: { min: 0.1, max: DAY_SECONDS, unit: 's' },
  reconnectGapSeconds: SECONDS,
  lateCloseSeconds: SECONDS,
  handshakeTimeoutSeconds: TIMEOUT,
  closeTimeoutSeconds: TIMEOUT,
  stallTimeoutSeconds: TIMEOUT,
} as const satisfies { readonly [Name in keyof SendOptions]?: Range };

/** Finds out now what would fail later. Throws a `UsageError` that names the option, not its flag: the CLI translates. */
export function checkSendOptions(options: TargetOptions): void {
  const { headers = {}, secret } = options;
  checkHeaders(headers);
  if (secret !== undefined) checkSecret(secret);
  frameSamples(frameMsOf(options));
  for (const [name, range] of Object.entries(RANGES) as [keyof typeof RANGES, Range][]) {
    const value = options[name];
    if (value !== undefined) checkRange('invalid_option', name, value, range);
  }
}

/** Frame lengths in milliseconds, repeated in turn. */
function frameMsOf({ frameMs = DEFAULTS.frameMs }: Pick<SendOptions, 'frameMs'>): readonly number[] {
  return typeof frameMs === 'number' ? [frameMs] : frameMs;
}

/** What a session is told of how to send. */
export interface SendSettings {
  readonly absoluteFormat: AbsoluteFormat;
  readonly mode: ConnectionMode;
  readonly frameMs: readonly number[];
  readonly connection: Omit<ConnectionOptions, 'url' | 'headers'>;
}

/** With a default for each option that was left out. Checks nothing. */
export function sendSettings(options: SendOptions): SendSettings {
  const { connections, absoluteFormat, reconnectEverySeconds } = options;
  const ms = (name: keyof typeof DEFAULTS & keyof SendOptions & `${string}Seconds`): number =>
    (options[name] ?? DEFAULTS[name]) * 1_000;
  return {
    absoluteFormat: absoluteFormat ?? DEFAULTS.absoluteFormat,
    mode: connections ?? DEFAULTS.connections,
    frameMs: frameMsOf(options),
    connection: {
      insecure: options.insecure ?? false,
      tolerateInvalidFrames: options.tolerateInvalidFrames ?? false,
      handshakeTimeoutMs: ms('handshakeTimeoutSeconds'),
      closeTimeoutMs: ms('closeTimeoutSeconds'),
      stallTimeoutMs: ms('stallTimeoutSeconds'),
      retryAttempts: options.retryAttempts ?? DEFAULTS.retryAttempts,
      retryIntervalMs: ms('retryIntervalSeconds'),
      maxBacklogBytes: options.maxBacklogBytes ?? DEFAULTS.maxBacklogBytes,
      bufferDisconnectedMs: ms('bufferDisconnectedSeconds'),
      connectGraceMs: ms('connectGraceSeconds'),
      reconnectEveryMs: reconnectEverySeconds === undefined ? undefined : reconnectEverySeconds * 1_000,
      reconnectGapMs: ms('reconnectGapSeconds'),
      lateCloseMs: ms('lateCloseSeconds'),
    },
  };
}

const MAX_SPEED = 1_000;

/** Whether meetings can be played so fast. */
export function isSpeed(speed: number): boolean {
  return speed > 0 && speed <= MAX_SPEED;
}

/** The clock that was given, or the one that `speed` asks for. Throws a `UsageError` (`invalid_speed`). */
export function clockOf({ speed = DEFAULTS.speed, clock }: PaceOptions): Clock {
  checkPace({ speed });
  if (clock !== undefined) return clock;
  return speed === 'max' ? virtualClock() : realClock({ speed });
}

/** Throws a `UsageError` (`invalid_speed`). */
export function checkPace({ speed = DEFAULTS.speed }: PaceOptions): void {
  if (speed === 'max' || isSpeed(speed)) return;
  throw new UsageError('invalid_speed', `A speed of ${speed} is not possible.`, {
    hint: `Give a number above 0 and up to ${MAX_SPEED}, or max.`,
  });
}
