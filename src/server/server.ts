/**
 * `startServer`: a mock of Recall's REST API that plays meetings. Puts the workspace, the API, the control API and a
 * listening socket together; everything it does is done by them. Prints nothing.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import { type Clock, realClock, virtualClock } from '../emulator/clock.ts';
import type { ConnectionMode } from '../emulator/endpoint.ts';
import { frameSamples } from '../emulator/frames.ts';
import { Pacer } from '../emulator/pacer.ts';
import { UsageError } from '../errors.ts';
import { isLoopback, mapTarget, mayDial } from '../guard.ts';
import { createIds } from '../protocol/ids.ts';
import { signRequest } from '../protocol/signing.ts';
import type { AbsoluteFormat } from '../protocol/timestamp.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { Timeline } from '../scenario/timeline.ts';
import { type Activity, ActivityLog } from './activity.ts';
import { createApi } from './api.ts';
import type { BotContext } from './context.ts';
import { CONTROL_PATH, createControl } from './control.ts';
import { type BotDelays, DEFAULT_DELAYS } from './delays.ts';
import { Downloads } from './downloads.ts';
import { Faults, parseFault } from './faults.ts';
import { IdempotencyKeys } from './idempotency.ts';
import { openApiDocument } from './openapi.ts';
import { OPERATION_IDS } from './operations.ts';
import { DataFolder } from './persistence.ts';
import type { DocsGeneration } from './platforms.ts';
import { ScenarioChooser } from './scenarios.ts';
import { Store } from './store.ts';
import { calendar } from './time.ts';
import { Webhooks } from './webhooks.ts';
import { Workspace } from './workspace.ts';

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
  readonly absoluteFormat?: AbsoluteFormat | undefined;
  readonly delays?: Partial<BotDelays> | undefined;
  readonly docs?: DocsGeneration | undefined;
  /** Such as `create_bot=507:2`. */
  readonly faults?: readonly string[] | undefined;
  /** Keeps bots, recordings and audio over restarts. */
  readonly dataDir?: string | undefined;
  /** Hosts that may be dialled; `*` for any, `*.example.com` for a domain. Anything while only this machine can ask. */
  readonly allowTargets?: readonly string[] | undefined;
  /** Dials another URL in place of those that begin so: `{'wss://my.ngrok.app': 'ws://127.0.0.1:4000'}`. */
  readonly mapTargets?: Readonly<Record<string, string>> | undefined;
  /** Names by which clients may call us, beside those of this machine. */
  readonly allowHosts?: readonly string[] | undefined;
  readonly strictWaf?: boolean | undefined;
  /** Accept any TLS certificate of receivers and webhook URLs. */
  readonly insecure?: boolean | undefined;
  /** Ignore whatever receivers write, as a write-only client does. */
  readonly tolerateInvalidFrames?: boolean | undefined;
  /** How long download URLs hold; default 6 hours. */
  readonly downloadTtlSeconds?: number | undefined;
  readonly retryAttempts?: number | undefined;
  readonly retryIntervalSeconds?: number | undefined;
  /** Wall seconds for the answer to a webhook; default 15. */
  readonly webhookTimeoutSeconds?: number | undefined;
  /** Everything that happens, as it happens. */
  readonly onActivity?: ((activity: Activity) => void) | undefined;
  /** Replaces the clock that `speed` would choose. */
  readonly clock?: Clock | undefined;
  readonly startTime?: Date | undefined;
}

/** What a server has done, for a summary. Frames are those of separate audio. */
export interface ServerStats {
  readonly bots: number;
  readonly recordings: number;
  readonly scheduled: number;
  readonly sent: number;
  readonly dropped: number;
  readonly webhooks: {
    readonly delivered: number;
    readonly failed: number;
    readonly dropped: number;
    readonly pending: number;
  };
}

export interface MockServer extends AsyncDisposable {
  /** `http://127.0.0.1:8787`: what stands in for `https://us-west-2.recall.ai`. */
  readonly url: string;
  /** The same without a socket: for `fetch` mocks. */
  fetch(request: Request): Response | Promise<Response>;
  stats(): ServerStats;
  /** Ends every call in order, then stops listening. Safe to call twice. */
  close(): Promise<void>;
}

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** The OpenAPI document of what `startServer` serves. */
export function serverOpenApi(): Record<string, unknown> {
  return openApiDocument(version);
}

/** The mock without a socket. Throws a `UsageError` or an `InvalidInputError` for options and files that cannot be used. */
export async function createMock(options: ServerOptions = {}): Promise<Omit<MockServer, 'url'>> {
  checkOptions(options);
  const frameMs = typeof options.frameMs === 'number' ? [options.frameMs] : (options.frameMs ?? [100]);
  frameSamples(frameMs);
  const clock =
    options.clock ?? (options.speed === 'max' ? virtualClock() : realClock({ speed: options.speed ?? 1 }));
  const pacer = new Pacer(clock);
  const time = calendar(clock, options.startTime ?? new Date());
  const activity = new ActivityLog(() => time.now());
  if (options.onActivity !== undefined) activity.events.on('activity', options.onActivity);
  const chooser = await ScenarioChooser.create({
    scenario: options.scenario,
    rules: options.rules,
    scenarioDir: options.scenarioDir ?? process.cwd(),
    seed: options.seed ?? 1,
    generated: {
      participants: options.generatedParticipants ?? 3,
      durationSeconds: options.generatedSeconds ?? 60,
    },
  });
  const faults = new Faults();
  for (const spec of options.faults ?? []) faults.add(parseFault(spec, OPERATION_IDS));

  const folder = options.dataDir === undefined ? undefined : new DataFolder(options.dataDir);
  const temporary = folder === undefined ? mkdtempSync(join(tmpdir(), 'recall-emulator-')) : undefined;
  const store = new Store(
    (state) => folder?.keep(state),
    (state) => folder?.remove(state),
  );
  const ids = createIds(options.seed ?? randomUUID());
  let messages = 0;
  const targets = options.allowTargets;
  const webhooks = new Webhooks({
    pacer,
    now: () => time.now(),
    messageId: () => `msg_${ids.uuid(`webhook ${messages++}`).replaceAll('-', '')}`,
    activity,
    secret: options.secret,
    legacySignatures: options.legacySignatures ?? false,
    insecure: options.insecure ?? false,
    mayCall: (url) => options.webhookUrls?.includes(url) === true || mayDial(url, targets),
    timeoutMs: (options.webhookTimeoutSeconds ?? 15) * 1_000,
  });
  const dirOf = (botId: string, recordingId: string): string =>
    folder?.recordingDir(botId, recordingId) ?? join(temporary!, recordingId);
  const context: BotContext = {
    clock,
    pacer,
    calendar: time,
    store,
    webhooks: {
      status: (botId, body) => {
        for (const url of options.webhookUrls ?? []) webhooks.send(url, 'status', botId, body);
      },
      realtime: (url, botId, body, onResult) => webhooks.send(url, 'realtime', botId, body, onResult),
    },
    activity,
    ids,
    delays: { ...DEFAULT_DELAYS, ...options.delays },
    docs: options.docs ?? 'current',
    mode: options.connections ?? 'per-participant',
    frameMs,
    connection: connectionOptions(options),
    absoluteFormat: options.absoluteFormat ?? 'micros-offset',
    secret: options.secret,
    dirOf,
    mayDial: (url) => mayDial(url, targets),
    targetOf: (url) => mapTarget(url, options.mapTargets ?? {}),
  };
  const workspace = new Workspace(context, chooser, OPERATION_IDS);
  if (folder !== undefined) await workspace.restore(folder.load(time.now()));

  const allowedHosts = [
    ...(options.allowHosts ?? []),
    ...(isAnyAddress(options.host) ? [] : [options.host ?? '']),
  ];
  const downloads = new Downloads({
    store,
    key: folder?.key(() => randomBytes(32)) ?? randomBytes(32),
    nowMs: () => time.nowMs(),
    ttlMs: (options.downloadTtlSeconds ?? 6 * 3_600) * 1_000,
    dirOf,
  });
  const app = createApp();
  let closing: Promise<void> | undefined;
  return {
    fetch: (request) => app.fetch(request),
    stats: () => stats(workspace, webhooks),
    close,
    [Symbol.asyncDispose]: close,
  };

  function createApp(): Hono {
    const api = createApi({
      workspace,
      faults,
      idempotency: new IdempotencyKeys(() => time.nowMs()),
      downloads,
      apiKey: options.apiKey,
      allowedHosts,
      strictWaf: options.strictWaf ?? false,
    });
    api.get('/openapi.json', (request) => request.json(openApiDocument(version)));
    const control = createControl({
      workspace,
      faults,
      webhooks,
      apiKey: options.apiKey,
      allowedHosts,
      version,
    });
    api.route(CONTROL_PATH, control);
    return api;
  }

  function close(): Promise<void> {
    closing ??= (async () => {
      await workspace.hangUp();
      await webhooks.idle();
      await workspace.close();
      webhooks.close();
      folder?.close(store.states());
      if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
    })();
    return closing;
  }
}

/** Starts the mock on a port. Rejects as `createMock` does, and for a port that is taken. */
export async function startServer(options: ServerOptions = {}): Promise<MockServer> {
  const host = options.host ?? '127.0.0.1';
  const mock = await createMock(options);
  const server = createAdaptorServer({ fetch: (request) => mock.fetch(request) });
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port ?? 8_787, host, resolve);
    });
  } catch (error) {
    await mock.close();
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  const shown = isAnyAddress(host) ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= (async () => {
      await mock.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        // Those who still listen to server-sent events would wait for ever.
        if ('closeAllConnections' in server) server.closeAllConnections();
      });
    })();
    return closing;
  };
  return { ...mock, url: `http://${shown}:${port}`, close, [Symbol.asyncDispose]: close };
}

function stats(workspace: Workspace, webhooks: Webhooks): ServerStats {
  const frames = { scheduled: 0, sent: 0, dropped: 0 };
  for (const account of workspace.runs().flatMap((run) => run.accounts())) {
    if (account.participant < 0) continue;
    frames.scheduled += account.scheduled;
    frames.sent += account.sent;
    frames.dropped += account.droppedTotal;
  }
  return {
    bots: workspace.runs().length,
    recordings: workspace.runs().reduce((sum, run) => sum + run.recordings().length, 0),
    ...frames,
    webhooks: webhooks.totals(),
  };
}

function connectionOptions(options: ServerOptions): BotContext['connection'] {
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

function isAnyAddress(host: string | undefined): boolean {
  return host === '0.0.0.0' || host === '::';
}

function checkOptions(options: ServerOptions): void {
  const { host = '127.0.0.1', apiKey, allowTargets, secret, speed, webhookUrls = [] } = options;
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
        {
          hint: 'Name the hosts it may dial with --allow-target.',
        },
      );
    }
  }
  if (speed !== undefined && speed !== 'max' && !(speed > 0 && speed <= 1_000)) {
    throw new UsageError('invalid_speed', `A speed of ${speed} is not possible.`, {
      hint: 'Give a number above 0 and up to 1000, or max.',
    });
  }
  for (const [from, to] of Object.entries(options.mapTargets ?? {})) {
    for (const url of [from, to]) {
      if (URL.canParse(url) && /^(wss?|https?):\/\//.test(url)) continue;
      throw new UsageError('invalid_target', `"${url}" is not a URL to dial.`, {
        hint: 'Map one such as wss://my.ngrok.app to one such as ws://127.0.0.1:4000.',
      });
    }
  }
  for (const url of webhookUrls) {
    if (!URL.canParse(url) || !['http:', 'https:'].includes(new URL(url).protocol)) {
      throw new UsageError('invalid_webhook_url', `"${url}" is not an http or https URL.`, {
        hint: 'Give one such as http://127.0.0.1:4000/webhooks.',
      });
    }
  }
  // Signs nothing: finds out now whether the secret is one.
  if (secret !== undefined) signRequest({ secret, id: 'msg_check', timestampSeconds: 0 });
}
