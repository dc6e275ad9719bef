/** `recall-emulator serve`: the mock of Recall's REST API, until Ctrl-C. */
import { Command, Option } from 'commander';
import { plainText } from '../plain-text.ts';
import type { AbsoluteFormat } from '../protocol/timestamp.ts';
import type { OpenFiles } from '../server/open-files.ts';
import type { MockServer, ServerOptions, ServerStats } from '../server/server.ts';
import type { Activity } from '../server/store/activity.ts';
import { EXIT, interruptSignal } from './exit.ts';
import { logLine } from './log-line.ts';
import * as read from './options.ts';
import { type Colour, colour } from './style.ts';

/** Room for a defect's stack. */
const MAX_LINE = 4_000;

interface Flags {
  readonly port: number;
  readonly host: string;
  readonly scenario?: string;
  readonly rules?: string;
  readonly scenarioDir?: string;
  readonly generateParticipants: number;
  readonly generateDuration: number;
  readonly seed?: number;
  readonly apiKey?: string;
  readonly secret?: string;
  readonly legacySignatures?: boolean;
  readonly webhookUrl?: string[];
  readonly speed: number | 'max';
  readonly connections: 'per-participant' | 'per-endpoint';
  readonly frameMs: number[];
  readonly mixedFrameMs: number;
  readonly absoluteFormat: AbsoluteFormat;
  readonly delay?: Record<string, number>;
  readonly docs: 'current' | '2025-06';
  readonly answer?: string[];
  readonly fault?: string[];
  readonly dataDir?: string;
  readonly allowTarget?: string[];
  readonly mapTarget?: Record<string, string>;
  readonly allowHost?: string[];
  readonly strictWaf?: boolean;
  readonly strictUrls: boolean;
  readonly updateCutoff?: number;
  readonly insecure?: boolean;
  readonly tolerateInvalidFrames?: boolean;
  readonly retryAttempts: number;
  readonly retryInterval: number;
  readonly printOpenapi?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function serveCommand(): Command {
  return new Command('serve')
    .description("Mock Recall.ai's REST API: your app creates bots here, and they play meetings at your app.")
    .option('--port <n>', 'port to listen on; 0 takes any free one', read.port, 8787)
    .option(
      '--host <address>',
      'address to listen on; any but 127.0.0.1 needs --api-key and --allow-target',
      '127.0.0.1',
    )
    .option('--scenario <file>', 'what bots play (default: a generated meeting)')
    .option('--rules <file>', 'YAML list of meeting_url patterns and the scenario each plays')
    .option(
      '--scenario-dir <dir>',
      "folder below which a bot's metadata may name scenarios (default: the working directory)",
    )
    .option('--generate-participants <n>', 'participants of generated meetings', read.integer, 3)
    .option('--generate-duration <time>', 'length of generated meetings', read.seconds, 60)
    .option('--seed <n>', 'ids and generated meetings are made from it (default: random)', read.integer)
    .option('--api-key <key>', 'accept this key only (default: any)')
    .option('--secret <whsec>', 'sign webhooks and upgrades with this secret (whsec_…)')
    .option('--legacy-signatures', 'sign status webhooks with svix-* headers, as for older workspaces')
    .option('--webhook-url <url>', 'where status webhooks go; may be repeated', read.list)
    .option('--speed <n|max>', '1 is real time; max skips all waiting', read.speed, 1)
    .addOption(
      new Option('--connections <mode>', 'one WebSocket per unmuted participant, or one per endpoint')
        .choices(['per-participant', 'per-endpoint'])
        .default('per-participant'),
    )
    .option(
      '--frame-ms <list>',
      'audio per message in ms, 10 to 1000; a list such as 20,100 is repeated',
      read.frameMs,
      [100],
    )
    .option('--mixed-frame-ms <n>', 'mixed audio per message in ms, 10 to 1000', read.oneFrameMs, 200)
    .addOption(
      new Option('--absolute-format <format>', 'how timestamp.absolute is written')
        .choices(['micros-offset', 'z-micros', 'z-millis'] satisfies AbsoluteFormat[])
        .default('micros-offset'),
    )
    .option(
      '--delay <status=time>',
      'how long a bot stays in joining_call, in_waiting_room, in_call_not_recording or recording_permission, or takes until done; may be repeated',
      read.delay,
    )
    .addOption(
      new Option('--docs <generation>', "which of Recall's documentation decides what a platform can do")
        .choices(['current', '2025-06'])
        .default('current'),
    )
    .option(
      '--answer <spec>',
      'answer the next requests with an error, such as create_bot=507:2 (two times 507); may be repeated',
      read.list,
    )
    .option('--fault <spec>', 'the old name of --answer', read.list)
    .option('--data-dir <dir>', 'keep bots, recordings and audio here, also over restarts')
    .option(
      '--allow-target <host>',
      'a host that may be dialled, *.example.com or *; may be repeated (default: any, on 127.0.0.1)',
      read.list,
    )
    .option(
      '--map-target <from=to>',
      "dial another URL in place of those that begin with <from>, such as 'wss://my.ngrok.app=ws://127.0.0.1:4000'; may be repeated",
      read.mapping,
    )
    .option(
      '--allow-host <name>',
      'a host name by which clients may call this server; may be repeated',
      read.list,
    )
    .option(
      '--strict-waf',
      'answer 403 to bodies that name this machine and to any body on a GET, as the real firewall does',
    )
    .option('--no-strict-urls', 'only warn of WebSocket URLs without / before their query, instead of a 400')
    .option(
      '--update-cutoff <time>',
      'a scheduled bot cannot be changed from this long before its join_at on',
      read.seconds,
      600,
    )
    .option('--insecure', 'accept any TLS certificate of receivers and webhook URLs')
    .option(
      '--tolerate-invalid-frames',
      'skip bytes from a receiver that are no WebSocket frame, and show them',
    )
    .option(
      '--retry-attempts <n>',
      'dials after a failure, before an endpoint counts as failed',
      read.integer,
      30,
    )
    .option('--retry-interval <time>', 'time between two dials', read.seconds, 3)
    .option('--print-openapi', 'print the OpenAPI document of the mock, and end')
    .option(
      '--json',
      'print one JSON object per line on stdout for everything that happens; the last is the summary',
    )
    .option('-q, --quiet', 'print the address and the summary only')
    .addHelpText(
      'after',
      `
Examples:
  $ recall-emulator serve --scenario fixtures/standup.yaml
  $ recall-emulator serve --webhook-url http://127.0.0.1:4000/webhooks
  $ recall-emulator serve --answer create_bot=507:2

Runs until Ctrl-C, which lets every bot leave its call.
Times: 3s, 250ms, 1m20s, or a number of seconds.

Exit codes:
  0  everything was delivered in time
  1  frames were dropped that nobody asked to lose, webhooks failed, the disk
     refused something, or the process was more than a second behind real time
  2  wrong usage`,
    )
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  const [{ serverOpenApi, startServer }, { openFiles }] = await Promise.all([
    import('../server/server.ts'),
    import('../server/open-files.ts'),
  ]);
  if (flags.printOpenapi === true) {
    console.log(JSON.stringify(serverOpenApi(), null, 2));
    return;
  }
  const signal = interruptSignal();
  const print = flags.json === true ? printJson : printLine;
  const server = await startServer({
    ...serverOptions(flags),
    onActivity: (activity) => {
      if (flags.quiet !== true || flags.json === true) print(activity);
    },
  });
  printStart(server, flags, openFiles(flags.generateParticipants));
  if (!signal.aborted)
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  await server.close();
  const stats = server.stats();
  console.log(flags.json === true ? JSON.stringify(summaryObject(stats)) : summaryText(stats));
  process.exitCode = stats.ok ? EXIT.ok : EXIT.failed;
}

function serverOptions(flags: Flags): ServerOptions {
  return {
    port: flags.port,
    host: flags.host,
    scenario: flags.scenario,
    rules: flags.rules,
    scenarioDir: flags.scenarioDir,
    generatedParticipants: flags.generateParticipants,
    generatedSeconds: flags.generateDuration,
    seed: flags.seed,
    apiKey: flags.apiKey,
    secret: flags.secret,
    legacySignatures: flags.legacySignatures,
    webhookUrls: flags.webhookUrl,
    speed: flags.speed,
    connections: flags.connections,
    frameMs: flags.frameMs,
    mixedFrameMs: flags.mixedFrameMs,
    absoluteFormat: flags.absoluteFormat,
    delays: flags.delay,
    docs: flags.docs,
    answers: [...(flags.answer ?? []), ...(flags.fault ?? [])],
    dataDir: flags.dataDir,
    allowTargets: flags.allowTarget,
    mapTargets: flags.mapTarget,
    allowHosts: flags.allowHost,
    strictWaf: flags.strictWaf,
    strictUrls: flags.strictUrls,
    updateCutoffSeconds: flags.updateCutoff,
    insecure: flags.insecure,
    tolerateInvalidFrames: flags.tolerateInvalidFrames,
    retryAttempts: flags.retryAttempts,
    retryIntervalSeconds: flags.retryInterval,
  };
}

/** What a user needs to see first: the address, what to set in their app, and something to try. */
function printStart({ url }: MockServer, flags: Flags, files: OpenFiles | undefined): void {
  const key = flags.apiKey === undefined ? 'any-key' : '$RECALL_API_KEY';
  console.error(`${onStderr('bold', 'recall-emulator')} serves Recall's REST API at ${onStderr('bold', url)}

  In your app, in place of https://us-west-2.recall.ai:   RECALL_BASE_URL=${url}

  Or try it by hand:
    curl -X POST ${url}/api/v1/bot/ \\
      -H 'Authorization: Token ${key}' -H 'Content-Type: application/json' \\
      -d '{"meeting_url": "https://zoom.us/j/1234567890", "recording_config": {"audio_separate_raw": {},
           "realtime_endpoints": [{"type": "websocket", "url": "ws://127.0.0.1:4000", "events": ["audio_separate_raw.data"]}]}}'

  Control: ${url}/_emulator   OpenAPI: ${url}/openapi.json   Ctrl-C ends.
${roomText(files)}`);
}

function roomText(files: OpenFiles | undefined): string {
  if (files === undefined) return '';
  const { limit, bots, participants } = files;
  return (
    `  Room: this process may have ${limit} files and sockets open: about ${bots} bots\n` +
    `  at a time, with ${participants} unmuted participants each. "ulimit -n" changes that.\n`
  );
}

function printLine({ at, kind, text, bot_id }: Activity): void {
  const time = at.slice(11, 23);
  const who = bot_id === undefined ? '' : `${bot_id.slice(0, 8)} `;
  // Names, messages and close reasons come from outside.
  const plain = plainText(text, MAX_LINE);
  const line = kind === 'warning' ? onStderr('yellow', plain) : plain;
  logLine(
    `${onStderr('gray', time)} ${onStderr('gray', who)}${kind === 'bot' ? onStderr('bold', line) : line}`,
  );
}

function printJson(activity: Activity): void {
  console.log(JSON.stringify(activity));
}

/** The last line of `--json`. */
function summaryObject(stats: ServerStats): Record<string, unknown> {
  const { ok, bots, recordings, connections, scheduled, sent, dropped, drops, webhooks } = stats;
  return {
    ok,
    bots,
    recordings,
    connections,
    scheduled,
    sent,
    dropped,
    dropped_by_reason: drops,
    ended_early: stats.endedEarly,
    failed_recordings: stats.failedRecordings,
    storage_problems: stats.storageProblems,
    refused_requests: stats.refusedRequests,
    max_lateness_s: Math.round(stats.maxLatenessSeconds * 1_000) / 1_000,
    webhooks,
  };
}

/** One line, and one more for each thing that somebody should know. */
function summaryText(stats: ServerStats): string {
  const { ok, bots, recordings, connections, scheduled, sent, dropped, webhooks } = stats;
  const mark = ok ? colour(process.stdout, 'green', '✔') : colour(process.stdout, 'red', '✘');
  const pending = webhooks.pending > 0 ? `, ${webhooks.pending} still to be retried` : '';
  const reasons = Object.entries(stats.drops).filter(([, frames]) => frames > 0);
  const why = reasons.length === 0 ? '' : ` (${reasons.map(([reason, n]) => `${n} ${reason}`).join(', ')})`;
  const told = [
    `${mark} ${counted(bots, 'bot')}, ${counted(recordings, 'recording')}: ` +
      `${sent} of ${scheduled} frames delivered, ${dropped} dropped${why} over ${counted(connections, 'connection')}; ` +
      `webhooks: ${webhooks.delivered} delivered, ${webhooks.failed + webhooks.dropped} failed${pending}.`,
  ];
  const note = (count: number, text: string): void => {
    if (count > 0) told.push(`  ${text}`);
  };
  note(stats.endedEarly, `${counted(stats.endedEarly, 'bot')} told to leave before the end of the meeting`);
  note(stats.refusedRequests, `${counted(stats.refusedRequests, 'request')} refused`);
  note(
    stats.failedRecordings,
    `${counted(stats.failedRecordings, 'recording')} failed: the disk or we could not go on`,
  );
  note(stats.storageProblems, `${counted(stats.storageProblems, 'write')} to --data-dir failed`);
  if (stats.maxLatenessSeconds > 1)
    told.push(
      `  up to ${stats.maxLatenessSeconds.toFixed(1)} s behind real time: this machine did not keep up`,
    );
  return told.join('\n');
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function onStderr(name: Colour, text: string): string {
  return colour(process.stderr, name, text);
}
