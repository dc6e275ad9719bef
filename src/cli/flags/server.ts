/** Flags of servers: where they listen, and how the mock API answers. */
import { SERVER_DEFAULTS } from '../../server/defaults.ts';
import { choice, secondsText, text, toggle, valued } from '../flag.ts';
import * as read from '../readers.ts';

export const SERVER_FLAGS = {
  port: valued('port', '--port <n>', 'port to listen on; 0 takes any free one', read.port),
  host: text('host', '--host <address>', 'address to listen on', SERVER_DEFAULTS.host),
  allowHost: valued(
    'allowHosts',
    '--allow-host <name>',
    "a host name by which others may call us, such as your tunnel's; may be repeated",
    read.list,
  ),
  proxy: toggle(
    'proxy',
    '--proxy',
    'be a forward proxy, too: apps that name https://us-west-2.recall.ai reach us by HTTPS_PROXY',
  ),
  https: toggle('https', '--https', 'speak TLS, with a certificate of our own authority (--print-ca)'),
  caDir: text(
    'caDir',
    '--ca-dir <dir>',
    'where our certificate authority is kept, and nothing else',
    "a folder of this user's data",
  ),
  printCa: toggle(
    undefined,
    '--print-ca',
    "print the authority's certificate, which clients have to trust, and end",
  ),
  publicUrl: text(
    'publicUrl',
    '--public-url <url>',
    'links in answers begin with it, requests by its name are let in, and X-Forwarded-* count',
  ),
  appPort: valued(
    'appPort',
    '--app-port <n>',
    'dial this port of this machine for endpoints that name another: for an app with a public name',
    read.port,
  ),
  waitFor: text(
    'waitFor',
    '--wait-for <url>',
    'no bot starts before your app answers here, such as http://127.0.0.1:3000/health',
  ),
  portFile: text(undefined, '--port-file <file>', 'write the port into this file once we listen'),
  rules: text('rules', '--rules <file>', 'YAML list of meeting_url patterns and the scenario each plays'),
  course: text(
    'course',
    '--course <name>',
    'what every bot meets: denied, kicked, fatal, rejoin, nasty, … (docs/serve.md)',
  ),
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
    'the API key; a server takes no other, and needs one to listen on any address but 127.0.0.1',
    'any',
  ),
  legacySignatures: toggle(
    'legacySignatures',
    '--legacy-signatures',
    'sign status webhooks with svix-* headers, as for older workspaces',
  ),
  legacy: toggle(
    'legacy',
    '--legacy',
    'as older workspaces have it: the mock has what API v1.10 had beside (transcript, bot.status_change, transcription_options, real_time_transcription); trigger signs by svix-* headers',
  ),
  rateLimits: toggle(
    'rateLimits',
    '--rate-limits',
    'answer 429 to more requests in a minute than Recall takes',
  ),
  webhookUrl: valued(
    'webhookUrls',
    '--webhook-url <url>',
    "where status webhooks go; '…#events=bot.*,transcript.done&secret=whsec_…' for some of them, and with a secret of its own; may be repeated",
    read.list,
  ),
  webhookFault: valued(
    'webhookFaults',
    '--webhook-fault <spec>',
    'what goes wrong with webhooks: duplicated, swapped, delayed=10s or lost; ,event=bot.done and ,times=1 for some of them; may be repeated',
    read.list,
  ),
  downloadFault: valued(
    'downloadFaults',
    '--download-fault <spec>',
    'what goes wrong with downloads: expired, slow=16k, truncated=50% or wrong_length=90%; ,file=*.mp4 and ,times=1 for some of them; may be repeated',
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
  import: text(
    'importFile',
    '--import <file>',
    'begin with bots and recordings: a history in YAML, or a snapshot, which GET /_emulator/export has answered',
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
    'a scheduled bot can be neither changed nor deleted from this long before its join_at on',
    read.seconds,
    secondsText(SERVER_DEFAULTS.updateCutoffSeconds),
  ),
  open: toggle(
    undefined,
    '--open',
    'open the room in the browser: see the meetings, speak in them, look at the wire',
  ),
  printOpenapi: toggle(undefined, '--print-openapi', 'print the OpenAPI document of the mock, and end'),
} as const;
