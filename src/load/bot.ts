/** One bot among many: a session that shares all it can with the others. */
import type { Base64Cache, Scratch } from '../emulator/encoder.ts';
import { readFaults } from '../emulator/faults/read.ts';
import type { Histogram } from '../emulator/histogram.ts';
import type { FaultOptions, SendSettings } from '../emulator/options.ts';
import type { Pacer } from '../emulator/pacer.ts';
import type { ConnectionProbe } from '../emulator/probe.ts';
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
  readonly lateness: Histogram;
  readonly probe: ConnectionProbe;
  readonly seed: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly secret: string | undefined;
  readonly send: SendSettings;
  readonly faults?: FaultOptions['faults'];
}

export function botSession(options: BotOptions): Session {
  const ids = createIds(`${options.seed} bot ${options.bot}`);
  const { timeline, pacer, scratch, cache, lateness, probe, send, headers, secret } = options;
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
    lateness,
    scratch,
    cache,
    nowSeconds: () => Math.floor(Date.now() / 1_000),
    ...send,
    faults: readFaults(options.faults),
    connection: { ...send.connection, probe },
  });
}
