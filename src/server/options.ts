/** The options of a server: what is wrong with them by themselves, and their defaults. */
import type { Clock } from '../emulator/clock.ts';
import type { ConnectionOptions } from '../emulator/connection.ts';
import type { ConnectionMode } from '../emulator/endpoint.ts';
import { frameSamples } from '../emulator/frames.ts';
import { UsageError } from '../errors.ts';
import { isLoopback } from '../guard.ts';
import { signRequest } from '../protocol/signing.ts';
import type { AbsoluteFormat } from '../protocol/timestamp.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { Timeline } from '../scenario/timeline.ts';
import type { BotDelays } from './bot/context.ts';
import type { DocsGeneration } from './bot/platforms.ts';
import type { Activity } from './store/activity.ts';

/** Options of `startServer`. Seconds are seconds of the emulator's clock unless they say otherwise. */
export interface ServerOptions {
  /** Default 8787; 0 takes any free one. */
  readonly port?: number | undefined;
  /** Default 127.0.0.1. Another address needs `apiKey` and `allowTargets`. */
  readonly host?: string | undefined;
  /** What bots play when nothing else decides; a generated meeting when left out. */
  readonly scenario?: string | Scenario | Timeline | undefined;
  /** YAML file with a list of `meeting_url` patterns and their `scenario`. */
  readonly rules?: string | undefined;
  /** Folder below which a bot's metadata may name scenarios; default the working directory. */
  readonly scenarioDir?: string | undefined;
  /** Of generated meetings: default 3 participants, 60 seconds. */
  readonly generatedParticipants?: number | undefined;
  readonly generatedSeconds?: number | undefined;
  /** Ids and generated meetings derive from it; random when left out. */
  readonly seed?: number | undefined;
  /** The only key that is accepted; any when left out. */
  readonly apiKey?: string | undefined;
  /** `whsec_…`: webhooks and upgrades are signed. */
  readonly secret?: string | undefined;
  /** Status webhooks carry `svix-*` headers. */
  readonly legacySignatures?: boolean | undefined;
  /** Where status webhooks go. */
  readonly webhookUrls?: readonly string[] | undefined;
  /** 1 is real time (default); `max` lets no time pass idly. */
  readonly speed?: number | 'max' | undefined;
  readonly connections?: ConnectionMode | undefined;
  readonly frameMs?: number | readonly number[] | undefined;
  /** Milliseconds of mixed audio per message, 10 to 1000; default 200. */
  readonly mixedFrameMs?: number | undefined;
  readonly absoluteFormat?: AbsoluteFormat | undefined;
  readonly delays?: Partial<BotDelays> | undefined;
  readonly docs?: DocsGeneration | undefined;
  /** Answers on demand, such as `create_bot=507:2`. */
  readonly answers?: readonly string[] | undefined;
  /** @deprecated The old name of `answers`. */
  readonly faults?: readonly string[] | undefined;
  /** Keeps bots, recordings and audio over restarts. */
  readonly dataDir?: string | undefined;
  /** Hosts that may be dialled; `*` for any, `*.example.com` for a domain. Anything while only this machine can ask. */
  readonly allowTargets?: readonly string[] | undefined;
  /** Dials another URL in place of those that begin so: `{'wss://my.ngrok.app': 'ws://127.0.0.1:4000'}`. */
  readonly mapTargets?: Readonly<Record<string, string>> | undefined;
  /** Names by which clients may call us, beside those of this machine. */
  readonly allowHosts?: readonly string[] | undefined;
  /** 403 for bodies that name this machine and for any body on a GET, as the real firewall does. */
  readonly strictWaf?: boolean | undefined;
  /** 400 for a WebSocket URL whose path has no `/` before its query (default, with the current docs); a warning when false. */
  readonly strictUrls?: boolean | undefined;
  /** A scheduled bot cannot be changed for so long before its `join_at`; default 600. */
  readonly updateCutoffSeconds?: number | undefined;
  /** Accept any TLS certificate of receivers and webhook URLs. */
  readonly insecure?: boolean | undefined;
  /** Skip what receivers write and is no WebSocket frame, instead of ending the connection. */
  readonly tolerateInvalidFrames?: boolean | undefined;
  /** How long download URLs hold; default 6 hours. */
  readonly downloadTtlSeconds?: number | undefined;
  readonly retryAttempts?: number | undefined;
  readonly retryIntervalSeconds?: number | undefined;
  /** Wall seconds for the answer to a webhook; default 15. */
  readonly webhookTimeoutSeconds?: number | undefined;
  /** Wall seconds in which `close` lets everything end in order before it ends it at once; default 5. */
  readonly closeSeconds?: number | undefined;
  /** Everything that happens, as it happens. */
  readonly onActivity?: ((activity: Activity) => void) | undefined;
  /** Replaces the clock that `speed` would choose. */
  readonly clock?: Clock | undefined;
  readonly startTime?: Date | undefined;
}

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
