/**
 * `startServer`: a mock of Recall's REST API that plays meetings. Puts the workspaces, the API, the control API and a
 * listening socket together; everything it does is done by them. Prints nothing.
 */
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Clock } from '../emulator/clock.ts';
import { clockOf } from '../emulator/options.ts';
import { Pacer } from '../emulator/pacer.ts';
import { readTextFile } from '../files.ts';
import { isLoopback } from '../guard.ts';
import { packageFile } from '../package-files.ts';
import { openApiDocument } from './api/openapi.ts';
import {
  type AskedRequests,
  askedIn,
  type LoggedRequest,
  RequestLog,
  RequestNumbers,
} from './api/request-log.ts';
import {
  type ExpectedCount,
  type ExpectedRequest,
  type Verification,
  verifyRequests,
} from './api/request-match.ts';
import { OPERATION_IDS } from './api/resources/index.ts';
import { Workspaces } from './api/workspaces.ts';
import { AppGate } from './app-gate.ts';
import { AnswersOnDemand, parseAnswer } from './bot/answers.ts';
import { ClientFiles } from './bot/client-files.ts';
import { calendar } from './bot/context.ts';
import { RealTimeWatch } from './bot/real-time-watch.ts';
import { ScenarioChooser } from './bot/scenarios.ts';
import { CONTROL_DOCUMENT } from './control/control.ts';
import type { AudioDoor } from './control/room/audio-door.ts';
import { RoomKeys } from './control/room/keys.ts';
import { SERVER_DEFAULTS } from './defaults.ts';
import { end } from './ending.ts';
import { importHistory, isSnapshot } from './history-file.ts';
import { type Listening, listen, type SecureDoor } from './listen.ts';
import { makeApi } from './make-api.ts';
import { makeWorkspace, type Parts } from './make-workspace.ts';
import { checkOptions, type ServerOptions } from './options.ts';
import { ActivityLog } from './store/activity.ts';
import { DataFolder } from './store/data-folder.ts';
import { importSnapshot, MAX_SNAPSHOT_BYTES } from './store/snapshot.ts';
import { TemporaryFolder } from './store/temporary-folder.ts';
import { type ServerStats, serverStats } from './summary.ts';
import { readTargetMap } from './targets.ts';
import type { Delivery } from './webhooks/delivery.ts';
import { checkWebhookOptions } from './webhooks/options.ts';

export type { ServerOptions } from './options.ts';
export type { ServerStats } from './summary.ts';

export interface MockServer extends AsyncDisposable {
  /** `http://127.0.0.1:8787`: what stands in for `https://us-west-2.recall.ai`. */
  readonly url: string;
  /** Where TLS is spoken, with `https` or `proxy`. */
  readonly secure: SecureDoor | undefined;
  /** The same without a socket: for `fetch` mocks. */
  fetch(request: Request): Response | Promise<Response>;
  stats(): ServerStats;
  /** What the app has asked of the API, oldest first: the last 1,000 requests of each key; those of one key if it is given. */
  requests(of?: RequestsOf): readonly LoggedRequest[];
  /** The webhooks of all bots, oldest first: the last 1,000 of each key. */
  deliveries(): readonly Delivery[];
  /** Whether the app has asked for this, and if not, what came closest. */
  verify(expected: ExpectedRequest, options?: ExpectedCount & RequestsOf): Verification;
  /** The page of the room. Where there is an API key, with a token that is good for one visit. */
  roomUrl(): string;
  /** Ends every call in order, at once after a few seconds, and stops listening. Safe to call twice. */
  close(): Promise<void>;
}

const { version } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as {
  version: string;
};

/** The OpenAPI document of what `startServer` serves. */
export function serverOpenApi(): Record<string, unknown> {
  return openApiDocument(version, CONTROL_DOCUMENT);
}

/** What there is of a server on a port only. */
type OfSocket = 'url' | 'secure' | 'roomUrl';

/** The mock without a socket. Throws a `UsageError` or an `InvalidInputError` for options and files that cannot be used. */
export async function createMock(options: ServerOptions = {}): Promise<Omit<MockServer, OfSocket>> {
  const { activity: _, keys: _keys, door: _door, ...mock } = await assemble(options);
  return { ...mock, [Symbol.asyncDispose]: mock.close };
}

/** Whose requests. */
interface RequestsOf {
  readonly apiKey?: string | undefined;
}

interface Mock extends Omit<MockServer, OfSocket | typeof Symbol.asyncDispose> {
  readonly activity: ActivityLog;
  readonly keys: RoomKeys;
  readonly door: AudioDoor;
}

/** Reads everything that can be wrong before it makes anything that has to be taken down again. */
async function assemble(options: ServerOptions): Promise<Mock> {
  checkOptions(options);
  const clock = clockOf(options);
  const time = calendar(clock, options.startTime ?? new Date());
  const activity = new ActivityLog(() => time.now());
  if (options.onActivity !== undefined) activity.events.on('activity', options.onActivity);
  const clientFiles = new ClientFiles({
    dir: options.scenarioDir ?? process.cwd(),
    loopback: isLoopback(options.host ?? SERVER_DEFAULTS.host),
    activity,
  });
  const chooser = await ScenarioChooser.create({
    scenario: options.scenario,
    rules: options.rules,
    course: options.course,
    scenarioDir: options.scenarioDir ?? process.cwd(),
    clientFiles,
    seed: options.seed ?? randomInt(2 ** 31),
    generated: {
      participants: options.generatedParticipants ?? SERVER_DEFAULTS.generatedParticipants,
      durationSeconds: options.generatedSeconds ?? SERVER_DEFAULTS.generatedSeconds,
    },
  });
  const answers = new AnswersOnDemand();
  for (const spec of options.answers ?? []) answers.add(parseAnswer(spec, OPERATION_IDS));
  const map = readTargetMap(options.mapTargets ?? {});
  checkWebhookOptions(options);
  const folder =
    options.dataDir === undefined
      ? new TemporaryFolder()
      : new DataFolder({ dir: options.dataDir, onProblem: (text) => activity.add('warning', text) });
  try {
    return await connect(options, {
      clock,
      time,
      activity,
      chooser,
      clientFiles,
      answers,
      folder,
      map,
    });
  } catch (error) {
    await folder.close();
    throw error;
  }
}

async function connect(options: ServerOptions, parts: Parts): Promise<Mock> {
  const { clock, activity, folder } = parts;
  const key = folder.key(randomBytes);
  const pacer = new Pacer(clock);
  const realTime = watchRealTime(options, clock, activity);
  const gate = new AppGate(options.waitFor, clock, activity);
  const seed = options.seed ?? randomUUID();
  const numbers = new RequestNumbers();
  const workspaces = new Workspaces((name) =>
    makeWorkspace(options, parts, { pacer, realTime, gate, seed, numbers, name }),
  );
  const requests = new RequestLog(numbers);
  if (options.apiKey !== undefined) workspaces.of(options.apiKey);
  await restoreBots(workspaces, options, parts);

  const ended = new AbortController();
  let refusedRequests = 0;
  const keys = new RoomKeys();
  const { api, door } = makeApi(options, parts, {
    version,
    workspaces,
    requests,
    pacer,
    realTime,
    key,
    keys,
    ended: ended.signal,
    onRefused: () => void refusedRequests++,
  });
  const stats = (): ServerStats =>
    serverStats({
      workspaces: workspaces.all(),
      refusedRequests,
      maxLatenessSeconds: realTime.maxSeconds,
      mustKeepUp: (options.speed ?? 1) === 1,
      storageProblems: folder.problems,
    });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    gate.close();
    ended.abort();
    closing ??= end({ workspaces, folder, clock, activity, seconds: options.closeSeconds });
    return closing;
  };
  const asked = (of: RequestsOf): AskedRequests => requestsOf(workspaces, requests, of);
  return {
    activity,
    keys,
    door,
    fetch: (request) => api.fetch(request),
    stats,
    requests: (of = {}) => asked(of).requests,
    deliveries: () => workspaces.all().flatMap(({ webhooks }) => webhooks.deliveries()),
    verify: (expected, { apiKey, ...count } = {}) => {
      const { requests: all, forgotten } = asked({ apiKey });
      return verifyRequests(all, expected, count, forgotten);
    },
    close,
  };
}

/** Of one key, or of all; `keyless` had none. */
function requestsOf(workspaces: Workspaces, keyless: RequestLog, { apiKey }: RequestsOf): AskedRequests {
  if (apiKey === undefined) return askedIn([...workspaces.all().map((each) => each.requests), keyless]);
  return askedIn([workspaces.find(apiKey)?.requests ?? []].flat());
}

/** The bots of a data folder, and those of a snapshot or a history. */
async function restoreBots(workspaces: Workspaces, options: ServerOptions, parts: Parts): Promise<void> {
  const { importFile: file } = options;
  const { folder, time } = parts;
  const loaded = folder.load(time.now());
  // With an only key, what is nobody's is its own.
  const own = options.apiKey;
  await workspaces.restore(loaded, own);
  if (file === undefined) return;
  const text = await readTextFile(file, MAX_SNAPSHOT_BYTES);
  const isKnown = (id: string): boolean => workspaces.owns(id);
  await workspaces.restore(
    isSnapshot(text)
      ? importSnapshot(file, text, folder, time.now(), loaded)
      : await importHistory(file, text, { server: options, parts, isKnown }),
    own,
  );
}

function watchRealTime(options: ServerOptions, clock: Clock, activity: ActivityLog): RealTimeWatch {
  const speed = typeof options.speed === 'number' ? options.speed : 1;
  return new RealTimeWatch(clock, speed, (seconds) =>
    activity.add(
      'warning',
      `${seconds.toFixed(1)} s behind real time: this machine does not keep up with so many participants; play fewer at a time`,
      { data: { behind_s: seconds } },
    ),
  );
}

/** Starts the mock on a port. Rejects as `createMock` does, for a port that is taken, and as `openAuthority` does. */
export async function startServer(options: ServerOptions = {}): Promise<MockServer> {
  const mock = await assemble(options);
  let listening: Listening;
  try {
    listening = await listen(options, (request) => mock.fetch(request), mock.door, mock.activity);
  } catch (error) {
    await mock.close();
    throw error;
  }
  const { url, secure } = listening;
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= mock.close().then(() => listening.close());
    return closing;
  };
  const { activity: _, keys, door: _door, ...rest } = mock;
  const roomUrl = (): string => `${url}/${options.apiKey === undefined ? '' : `?token=${keys.token()}`}`;
  return { ...rest, url, secure, roomUrl, close, [Symbol.asyncDispose]: close };
}
