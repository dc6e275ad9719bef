/** One bot among many: a session that shares all it can with the others. */
import type { ConnectionProbe } from '../emulator/connection.ts';
import type { Base64Cache, Scratch } from '../emulator/encoder.ts';
import type { ConnectionMode } from '../emulator/endpoint.ts';
import type { Lateness } from '../emulator/lateness.ts';
import type { Pacer } from '../emulator/pacer.ts';
import { Session } from '../emulator/session.ts';
import { createIds } from '../protocol/ids.ts';
import { refFor } from '../protocol/resource.ts';
import type { Timeline } from '../scenario/timeline.ts';

export interface BotOptions {
  /** Its number; ids derive from it. */
  readonly bot: number;
  readonly to: string;
  readonly timeline: Timeline;
  readonly pacer: Pacer;
  readonly scratch: Scratch;
  readonly cache: Base64Cache;
  readonly lateness: Lateness;
  readonly probe: ConnectionProbe;
  readonly frameMs: readonly number[];
  readonly connections: ConnectionMode;
  readonly seed: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly secret: string | undefined;
  readonly insecure: boolean;
  readonly retryAttempts: number;
  readonly retryIntervalSeconds: number;
  readonly maxBacklogBytes: number;
}

export function botSession(options: BotOptions): Session {
  const ids = createIds(`${options.seed} bot ${options.bot}`);
  const { timeline, pacer, scratch, cache, lateness, probe, frameMs, headers, secret } = options;
  return new Session({
    timeline,
    endpoints: [{ url: options.to, resource: refFor(ids, 'realtime_endpoint'), headers, secret }],
    pacer,
    ids,
    recording: refFor(ids, 'recording'),
    audioSeparate: refFor(ids, 'audio_separate'),
    bot: refFor(ids, 'bot'),
    // Its place in the ramp is still to come.
    startMicros: undefined,
    absoluteFormat: 'micros-offset',
    mode: options.connections,
    frameMs,
    lateness,
    scratch,
    cache,
    nowSeconds: () => Math.floor(Date.now() / 1_000),
    connection: {
      insecure: options.insecure,
      tolerateInvalidFrames: false,
      handshakeTimeoutMs: 10_000,
      closeTimeoutMs: 5_000,
      stallTimeoutMs: 30_000,
      retryAttempts: options.retryAttempts,
      retryIntervalMs: options.retryIntervalSeconds * 1_000,
      maxBacklogBytes: options.maxBacklogBytes,
      bufferDisconnectedMs: 0,
      connectGraceMs: 1_000,
      reconnectEveryMs: undefined,
      reconnectGapMs: 0,
      lateCloseMs: 0,
      probe,
    },
  });
}
