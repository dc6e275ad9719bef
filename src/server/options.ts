/** Checks the options of a server that are wrong by themselves, and puts defaults where they belong. */
import type { ConnectionOptions } from '../emulator/connection.ts';
import { frameSamples } from '../emulator/frames.ts';
import { UsageError } from '../errors.ts';
import { isLoopback } from '../guard.ts';
import { signRequest } from '../protocol/signing.ts';
import type { ServerOptions } from './server.ts';

/** Throws a `UsageError`. */
export function checkOptions(options: ServerOptions): void {
  const { host = '127.0.0.1', apiKey, allowTargets, secret, speed } = options;
  if (!isLoopback(host)) {
    if (apiKey === undefined) {
      throw new UsageError('api_key_needed', `On ${host} others can reach the emulator.`, {
        hint: 'Give --api-key, or stay on 127.0.0.1.',
      });
    }
    if (allowTargets === undefined) {
      throw new UsageError(
        'allow_target_needed',
        `On ${host} others can tell the emulator which URLs to dial.`,
        { hint: 'Name the hosts it may dial with --allow-target.' },
      );
    }
  }
  if (speed !== undefined && speed !== 'max' && !(speed > 0 && speed <= 1_000)) {
    throw new UsageError('invalid_speed', `A speed of ${speed} is not possible.`, {
      hint: 'Give a number above 0 and up to 1000, or max.',
    });
  }
  const { updateCutoffSeconds = 0 } = options;
  if (!(updateCutoffSeconds >= 0)) {
    throw new UsageError('invalid_update_cutoff', `${updateCutoffSeconds} seconds are not possible.`, {
      hint: 'Give how long before join_at a bot can no longer be changed, or 0.',
    });
  }
  frameSamples(frameMsOf(options));
  if (options.mixedFrameMs !== undefined) frameSamples([options.mixedFrameMs]);
  // Signs nothing: finds out now whether the secret is one.
  if (secret !== undefined) signRequest({ secret, id: 'msg_check', timestampSeconds: 0 });
}

/** Frame lengths in milliseconds, repeated in turn. */
export function frameMsOf({ frameMs = 100 }: ServerOptions): readonly number[] {
  return typeof frameMs === 'number' ? [frameMs] : frameMs;
}

export function connectionOptions(options: ServerOptions): Omit<ConnectionOptions, 'url' | 'headers'> {
  return {
    insecure: options.insecure ?? false,
    tolerateInvalidFrames: options.tolerateInvalidFrames ?? false,
    handshakeTimeoutMs: 10_000,
    closeTimeoutMs: 5_000,
    stallTimeoutMs: 30_000,
    retryAttempts: options.retryAttempts ?? 30,
    retryIntervalMs: (options.retryIntervalSeconds ?? 3) * 1_000,
    maxBacklogBytes: 1024 * 1024,
    bufferDisconnectedMs: 0,
    connectGraceMs: 1_000,
    reconnectEveryMs: undefined,
    reconnectGapMs: 1_000,
    lateCloseMs: 0,
  };
}

export function isAnyAddress(host: string | undefined): boolean {
  return host === '0.0.0.0' || host === '::';
}
