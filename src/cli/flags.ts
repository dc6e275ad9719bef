/**
 * The one table of flags. A command picks those it has by name; each flag has the same words, the same reader and the same
 * default wherever it stands. Defaults are printed here and applied by the library: no command has a value of its own.
 */
import { DEFAULTS } from '../emulator/options.ts';
import { LOAD_DEFAULTS } from '../load/defaults.ts';
import { SERVER_DEFAULTS } from '../server/options.ts';
import { choice, type Flag, text, toggle, valued } from './flag.ts';
import * as read from './readers.ts';

const secondsText = (value: number): string => `${value}s`;

/** By the name under which commander hands over the value. */
export const FLAGS = {
  // What is played, and where.
  to: text(
    'to',
    '--to <url>',
    'ws:// or wss:// URL of the receiver, dialled exactly as given',
    'the embedded receiver',
  ),
  capture: text('capture', '--capture <file>', 'replay a capture (events.ndjson) instead of a scenario'),
  scenario: text(
    'scenario',
    '--scenario <file>',
    'what bots play: a file, a capture or a built-in name such as standup',
    'a generated meeting',
  ),
  participants: valued(
    'participants',
    '--participants <n>',
    'people in a meeting; under load all of them talk all the time',
    read.integer,
  ),
  duration: valued('durationSeconds', '--duration <time>', 'how long a meeting lasts', read.seconds),
  seed: valued('seed', '--seed <n>', 'ids, generated meetings and audio are made from it', read.integer),
  startTime: valued('startTime', '--start-time <iso>', 'when the recording starts', read.time, 'now'),
  speed: valued(
    'speed',
    '--speed <n|max>',
    '1 is real time; max waits for nothing but the receiver',
    read.speed,
    `${DEFAULTS.speed}`,
  ),
  events: valued(
    'events',
    '--events <list>',
    'events to send, such as participant_events.*,transcript.data, or all; may be repeated',
    read.names,
    "the scenario's, else audio_separate_raw.data",
  ),
  botMetadata: valued(
    'botMetadata',
    '--bot-metadata <key=value>',
    'metadata of the bot in every message; may be repeated',
    read.metadata,
  ),
  endpointMetadata: valued(
    'endpointMetadata',
    '--endpoint-metadata <key=value>',
    'metadata of the real-time endpoint in every message; may be repeated',
    read.metadata,
  ),
  // How it is sent.
  connections: choice(
    'connections',
    '--connections <mode>',
    'one WebSocket per unmuted participant, or one per endpoint',
    ['per-participant', 'per-endpoint'],
    DEFAULTS.connections,
  ),
  frameMs: valued(
    'frameMs',
    '--frame-ms <list>',
    'audio per message, 10 to 1000 ms; a list such as 20,100 is repeated',
    read.frameMs,
    `${DEFAULTS.frameMs.join()} ms`,
  ),
  mixedFrameMs: valued(
    'mixedFrameMs',
    '--mixed-frame-ms <n>',
    'mixed audio per message, 10 to 1000 ms',
    read.oneFrameMs,
    `${SERVER_DEFAULTS.mixedFrameMs} ms`,
  ),
  absoluteFormat: choice(
    'absoluteFormat',
    '--absolute-format <format>',
    'how timestamp.absolute is written',
    ['micros-offset', 'z-micros', 'z-millis'],
    DEFAULTS.absoluteFormat,
  ),
  secret: text(
    'secret',
    '--secret <whsec>',
    'secret (whsec_…) that signs upgrades, the requests that open a WebSocket, and webhooks',
  ),
  header: valued(
    'headers',
    '--header <line>',
    "add a header to every upgrade, 'name: value'; may be repeated",
    read.header,
  ),
  insecure: toggle('insecure', '--insecure', 'accept any TLS certificate, such as a self-signed one'),
  tolerateInvalidFrames: toggle(
    'tolerateInvalidFrames',
    '--tolerate-invalid-frames',
    'skip bytes from a receiver that are no WebSocket frame, and show them',
  ),
  retryAttempts: valued(
    'retryAttempts',
    '--retry-attempts <n>',
    'dials after a failure, before an endpoint counts as failed',
    read.integer,
    `${DEFAULTS.retryAttempts}`,
  ),
  retryInterval: valued(
    'retryIntervalSeconds',
    '--retry-interval <time>',
    'time between two dials',
    read.seconds,
    secondsText(DEFAULTS.retryIntervalSeconds),
  ),
  maxBacklog: valued(
    'maxBacklogBytes',
    '--max-backlog <bytes>',
    'bytes a receiver may leave unread per connection before frames are dropped',
    read.bytes,
    `${DEFAULTS.maxBacklogBytes / 1024 ** 2}M`,
  ),
  bufferDisconnected: valued(
    'bufferDisconnectedSeconds',
    '--buffer-disconnected <time>',
    'audio to keep while there is no connection, and to send later',
    read.seconds,
    secondsText(DEFAULTS.bufferDisconnectedSeconds),
  ),
  connectGrace: valued(
    'connectGraceSeconds',
    '--connect-grace <time>',
    'audio to keep while a handshake is under way',
    read.seconds,
    secondsText(DEFAULTS.connectGraceSeconds),
  ),
  reconnectEvery: valued(
    'reconnectEverySeconds',
    '--reconnect-every <time>',
    'drop each connection this often and dial again, as seen on live calls',
    read.seconds,
    'never',
  ),
  reconnectGap: valued(
    'reconnectGapSeconds',
    '--reconnect-gap <time>',
    'how long such a drop lasts',
    read.seconds,
    secondsText(DEFAULTS.reconnectGapSeconds),
  ),
  lateClose: valued(
    'lateCloseSeconds',
    '--late-close <time>',
    'keep a socket open this long after a mute or a --reconnect-every',
    read.seconds,
    secondsText(DEFAULTS.lateCloseSeconds),
  ),
  handshakeTimeout: valued(
    'handshakeTimeoutSeconds',
    '--handshake-timeout <time>',
    'wait this long for the answer to an upgrade',
    read.seconds,
    secondsText(DEFAULTS.handshakeTimeoutSeconds),
  ),
  closeTimeout: valued(
    'closeTimeoutSeconds',
    '--close-timeout <time>',
    'wait this long for the answer to our close frame',
    read.seconds,
    secondsText(DEFAULTS.closeTimeoutSeconds),
  ),
  stallTimeout: valued(
    'stallTimeoutSeconds',
    '--stall-timeout <time>',
    'with --speed max: wait this long for a receiver that does not read',
    read.seconds,
    secondsText(DEFAULTS.stallTimeoutSeconds),
  ),
  fault: valued(
    'faults',
    '--fault <spec>',
    'let something go wrong, such as latency=200ms±50ms, lost=1% or reset@3s (docs/faults.md); may be repeated',
    read.list,
  ),
  // Load tests.
  bots: valued('bots', '--bots <n>', 'meetings at the same time', read.integer, `${LOAD_DEFAULTS.bots}`),
  ramp: valued(
    'rampSeconds',
    '--ramp <time>',
    'bots begin one after the other over this long',
    read.seconds,
    'a tenth of the duration, at most 10s',
  ),
  workers: valued(
    'workers',
    '--workers <n|auto>',
    'threads; auto leaves one core for the receiver',
    read.workers,
    'auto',
  ),
  thresholds: text(
    'thresholds',
    '--thresholds <list>',
    "what has to hold, such as 'lateness_p99<20ms,dropped=0,connect_p95<0.5s'; numbers without a unit are ms, bytes or counts",
  ),
  findLimit: toggle(
    undefined,
    '--find-limit',
    'add bots until a threshold breaks; --bots is the first number',
  ),
  maxBots: valued(
    'maxBots',
    '--max-bots <n>',
    'the most that --find-limit tries',
    read.integer,
    `${LOAD_DEFAULTS.maxBots}`,
  ),
  pingEvery: valued(
    'pingEverySeconds',
    '--ping-every <time>',
    'how often each connection is pinged',
    read.seconds,
    secondsText(LOAD_DEFAULTS.pingEverySeconds),
  ),
  html: text(undefined, '--html <file>', 'write a report with charts, all in one file'),
  metricsPort: valued(
    'metricsPort',
    '--metrics-port <n>',
    'serve Prometheus metrics on this port of 127.0.0.1 while it runs',
    read.port,
  ),
  // Servers.
  port: valued('port', '--port <n>', 'port to listen on; 0 takes any free one', read.port),
  host: text('host', '--host <address>', 'address to listen on', SERVER_DEFAULTS.host),
  allowHost: valued(
    'allowHosts',
    '--allow-host <name>',
    "a host name by which others may call us, such as your tunnel's; may be repeated",
    read.list,
  ),
  // The mock API.
  rules: text('rules', '--rules <file>', 'YAML list of meeting_url patterns and the scenario each plays'),
  scenarioDir: text(
    'scenarioDir',
    '--scenario-dir <dir>',
    "folder below which a bot's metadata may name scenarios",
    'the working directory',
  ),
  generateParticipants: valued(
    'generatedParticipants',
    '--generate-participants <n>',
    'participants of generated meetings',
    read.integer,
    `${SERVER_DEFAULTS.generatedParticipants}`,
  ),
  generateDuration: valued(
    'generatedSeconds',
    '--generate-duration <time>',
    'length of generated meetings',
    read.seconds,
    secondsText(SERVER_DEFAULTS.generatedSeconds),
  ),
  apiKey: text(
    'apiKey',
    '--api-key <key>',
    'accept this key only; needed to listen on any address but 127.0.0.1',
    'any',
  ),
  legacySignatures: toggle(
    'legacySignatures',
    '--legacy-signatures',
    'sign status webhooks with svix-* headers, as for older workspaces',
  ),
  webhookUrl: valued(
    'webhookUrls',
    '--webhook-url <url>',
    'where status webhooks go; may be repeated',
    read.list,
  ),
  delay: valued(
    'delays',
    '--delay <status=time>',
    'how long a bot stays in joining_call, in_waiting_room, in_call_not_recording or recording_permission, or takes until done; may be repeated',
    read.delay,
  ),
  docs: choice(
    'docs',
    '--docs <generation>',
    "which of Recall's documentation decides what a platform can do",
    ['current', '2025-06'],
    SERVER_DEFAULTS.docs,
  ),
  answer: valued(
    'answers',
    '--answer <spec>',
    'answer the next requests with an error, such as create_bot=507:2 (two times 507); may be repeated',
    read.list,
  ),
  dataDir: text('dataDir', '--data-dir <dir>', 'keep bots, recordings and audio here, also over restarts'),
  allowTarget: valued(
    'allowTargets',
    '--allow-target <host>',
    'a host that may be dialled, *.example.com or *; may be repeated; needed like --api-key',
    read.list,
    'any, on 127.0.0.1',
  ),
  mapTarget: valued(
    'mapTargets',
    '--map-target <from=to>',
    "dial another URL in place of those that begin with <from>, such as 'wss://my.ngrok.app=ws://127.0.0.1:4000'; may be repeated",
    read.mapping,
  ),
  strictWaf: toggle(
    'strictWaf',
    '--strict-waf',
    'answer 403 to bodies that name this machine and to any body on a GET, as the real firewall does',
  ),
  strictUrls: toggle(
    'strictUrls',
    '--no-strict-urls',
    'only warn of WebSocket URLs without / before their query, instead of a 400',
  ),
  updateCutoff: valued(
    'updateCutoffSeconds',
    '--update-cutoff <time>',
    'a scheduled bot cannot be changed from this long before its join_at on',
    read.seconds,
    secondsText(SERVER_DEFAULTS.updateCutoffSeconds),
  ),
  printOpenapi: toggle(undefined, '--print-openapi', 'print the OpenAPI document of the mock, and end'),
  // What is written and printed.
  out: text('out', '--out <dir>', 'folder to write into'),
  json: toggle(
    undefined,
    '--json',
    'print JSON on stdout: one object (serve: one per line, the summary last)',
  ),
  quiet: toggle(undefined, '-q, --quiet', 'no progress: problems and the summary only'),
  verbose: toggle(undefined, '-v, --verbose', 'log what the receiver sends, too'),
} as const;

export type FlagName = keyof typeof FLAGS;
type ValueOf<Each> = Each extends Flag<infer Value, string | undefined> ? Value : never;
type OptionOf<Each> = Each extends { readonly option: infer Name extends string } ? Name : never;

/** What commander hands over: every flag may be missing. */
export type FlagValues<Name extends FlagName> = {
  readonly [Each in Name]?: ValueOf<(typeof FLAGS)[Each]> | undefined;
};

/** The same by the library's names; without what only the command line has. */
export type OptionValues<Name extends FlagName> = {
  readonly [Each in Name as OptionOf<(typeof FLAGS)[Each]>]?: ValueOf<(typeof FLAGS)[Each]> | undefined;
};
