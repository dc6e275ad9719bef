/** Everything that is served, put together: Recall's API, its downloads, the OpenAPI document, the control API and the page. */
import { sendSettings } from '../emulator/options.ts';
import type { Pacer } from '../emulator/pacer.ts';
import { RECALL_HOSTS } from '../protocol/regions.ts';
import { createApi } from './api/api.ts';
import { Downloads } from './api/downloads.ts';
import { openApiDocument } from './api/openapi.ts';
import { Renditions } from './api/renditions.ts';
import type { RequestLog } from './api/request-log.ts';
import type { Workspaces } from './api/workspaces.ts';
import type { RealTimeWatch } from './bot/real-time-watch.ts';
import { CONTROL_DOCUMENT, CONTROL_PATH, type ControlOptions, createControl } from './control/control.ts';
import { type AudioDoor, audioDoor } from './control/room/audio-door.ts';
import type { RoomKeys } from './control/room/keys.ts';
import { serveRoom } from './control/room/page.ts';
import { makeHistory } from './history.ts';
import type { Parts } from './make-workspace.ts';
import { isAnyAddress, type ServerOptions } from './options.ts';

export function makeApi(
  options: ServerOptions,
  parts: Parts,
  made: {
    readonly version: string;
    readonly workspaces: Workspaces;
    /** Those that had no key. */
    readonly requests: RequestLog;
    readonly pacer: Pacer;
    readonly realTime: RealTimeWatch;
    /** Of download URLs. */
    readonly key: Buffer;
    /** Of pages. */
    readonly keys: RoomKeys;
    /** The server ends. */
    readonly ended: AbortSignal;
    onRefused(): void;
  },
): { readonly api: ReturnType<typeof createApi>; readonly door: AudioDoor } {
  const { clock, time, activity, answers, clientFiles, folder } = parts;
  const { version, workspaces, requests, pacer, realTime, key, keys, ended, onRefused } = made;
  const { apiKey, host, publicUrl } = options;
  const allowHosts = [
    ...(options.allowHosts ?? []),
    ...(publicUrl === undefined ? [] : [new URL(publicUrl).hostname]),
  ];
  const servedHosts = [
    ...allowHosts,
    ...(isAnyAddress(host) ? [] : [host ?? '']),
    ...(options.proxy === true || options.https === true ? RECALL_HOSTS : []),
  ];
  const api = createApi({
    workspaces,
    activity,
    requests,
    now: () => time.now(),
    downloads: new Downloads({
      recording: (id) => workspaces.withRecording(id),
      clock,
      key,
      nowMs: () => time.nowMs(),
      ttlMs: (options.downloadTtlSeconds ?? 6 * 3_600) * 1_000,
      renditions: new Renditions(ended),
      dirOf: (botId, recordingId) => folder.recordingDir(botId, recordingId),
    }),
    apiKey,
    allowedHosts: servedHosts,
    publicUrl,
    strictWaf: options.strictWaf ?? false,
    onRefused,
  });
  api.get('/openapi.json', (request) => request.json(openApiDocument(version, CONTROL_DOCUMENT)));
  serveRoom(api, { keys, publicUrl, allowedHosts: allowHosts });
  const server: ControlOptions['server'] = {
    workspaces,
    activity,
    answers,
    requests,
    pacer,
    realTime,
    calendar: time,
    makeHistory: (history, reading) =>
      makeHistory(history, {
        ...reading,
        server: options,
        parts,
        isKnown: (id) => workspaces.owns(id),
        always: true,
      }),
  };
  const control = createControl({
    server,
    files: clientFiles,
    apiKey,
    allowedHosts: allowHosts,
    version,
    keys,
    about: aboutOf(options, version),
    callApi: async (method, path, key, body) =>
      api.fetch(
        new Request(`http://127.0.0.1${path}`, {
          method,
          headers: { Authorization: `Token ${key}`, 'Content-Type': 'application/json' },
          body: JSON.stringify(body),
        }),
      ),
  });
  api.route(CONTROL_PATH, control);
  const speed = options.speed ?? 1;
  const door = audioDoor({ server, apiKey, keys, servedHosts, allowedHosts: allowHosts, speed });
  return { api, door };
}

function aboutOf(options: ServerOptions, version: string): ControlOptions['about'] {
  const { mode, frameMs } = sendSettings(options);
  return {
    version,
    speed: options.speed ?? 1,
    frame_ms: frameMs,
    connections: mode,
    keyed: options.apiKey !== undefined,
  };
}
