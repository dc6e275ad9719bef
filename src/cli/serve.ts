/** `recall-emulator serve`: the mock of Recall's REST API, until Ctrl-C. */
import { Command, Option } from 'commander';
import { upstreamProxyOf } from '../exec/environment.ts';
import { plainText } from '../plain-text.ts';
import { RECALL_HOSTS } from '../protocol/regions.ts';
import type { BotTraces } from '../server/bot-traces.ts';
import { SERVER_DEFAULTS } from '../server/defaults.ts';
import type { SecureDoor } from '../server/listen.ts';
import type { OpenFiles } from '../server/open-files.ts';
import type { MockServer, ServerStats } from '../server/server.ts';
import type { Activity } from '../server/store/activity.ts';
import { addFlags, optionsOf } from './command-flags.ts';
import { diagnosisLines } from './diagnoses.ts';
import { EXIT, interruptSignal } from './exit.ts';
import type { FlagName, FlagValues } from './flags.ts';
import { columnsOf } from './layout.ts';
import { logLine } from './log-line.ts';
import { openBrowser } from './open-browser.ts';
import { print, printJson, printWrapped, tell } from './print.ts';
import * as read from './readers.ts';
import { readyObject, writePortFile } from './ready.ts';
import { type Colour, colour } from './style.ts';

/** Room for a defect's stack. */
const MAX_LINE = 4_000;

/** Of the library's `startServer`. */
export const SERVER = [
  'port',
  'host',
  'scenario',
  'rules',
  'course',
  'scenarioDir',
  'generateParticipants',
  'generateDuration',
  'seed',
  'apiKey',
  'secret',
  'legacySignatures',
  'legacy',
  'rateLimits',
  'webhookUrl',
  'webhookFault',
  'downloadFault',
  'speed',
  'connections',
  'frameMs',
  'mixedFrameMs',
  'absoluteFormat',
  'delay',
  'docs',
  'answer',
  'dataDir',
  'import',
  'allowTarget',
  'mapTarget',
  'allowHost',
  'proxy',
  'https',
  'caDir',
  'publicUrl',
  'appPort',
  'waitFor',
  'strictWaf',
  'strictUrls',
  'updateCutoff',
  'insecure',
  'tolerateInvalidFrames',
  'retryAttempts',
  'retryInterval',
] as const satisfies FlagName[];
const OUTPUT = [
  'open',
  'trace',
  'printOpenapi',
  'printCa',
  'portFile',
  'json',
  'quiet',
] as const satisfies FlagName[];

type Flags = FlagValues<(typeof SERVER)[number] | (typeof OUTPUT)[number]> & {
  /** The old name of `answer`. */
  readonly fault?: readonly string[];
};

export function serveCommand(): Command {
  const command = new Command('serve').description(
    "Mock Recall.ai's REST API: your app creates bots here, and they play meetings at your app.",
  );
  return addFlags(command, [...SERVER, ...OUTPUT], { port: `${SERVER_DEFAULTS.port}`, seed: 'random' })
    .addOption(new Option('--fault <spec>', 'the old name of --answer').argParser(read.list).hideHelp())
    .addHelpText(
      'after',
      `
Examples:
  $ recall-emulator serve --scenario standup
  $ recall-emulator serve --webhook-url 'http://127.0.0.1:4000/#events=bot.*'
  $ recall-emulator serve --answer create_bot=507:2
  $ recall-emulator serve --open
  $ recall-emulator serve --trace traces                  # a page of each bot

Runs until Ctrl-C, which lets every bot leave its call.
--fault, the old name of --answer, still works.
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
    print(JSON.stringify(serverOpenApi(), null, 2));
    return;
  }
  if (flags.printCa === true) {
    const { openAuthority } = await import('../server/authority.ts');
    print((await openAuthority(flags.caDir)).certificate.trimEnd());
    return;
  }
  const signal = interruptSignal();
  const show = flags.json === true ? printJson : printLine;
  const traces = flags.trace === undefined ? undefined : await openBotTraces(flags.trace);
  const server = await startServer({
    ...optionsOf(SERVER, flags),
    upstreamProxy: flags.proxy === true ? upstreamProxyOf(process.env) : undefined,
    answers: [...(flags.answer ?? []), ...(flags.fault ?? [])],
    onSession: (session) => traces?.session(session),
    onActivity: (activity) => {
      traces?.activity(activity);
      if (flags.quiet !== true || flags.json === true) show(activity);
    },
  });
  traces?.look(server);
  const removePortFile = await writePortFile(server, flags.portFile);
  if (flags.json === true) printJson(readyObject(server));
  printStart(server, flags, openFiles(flags.generateParticipants ?? SERVER_DEFAULTS.generatedParticipants));
  if (flags.open === true) void showRoom(server);
  if (!signal.aborted)
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  removePortFile();
  await server.close();
  traces?.close();
  const stats = server.stats();
  if (flags.json === true) printJson(summaryObject(stats));
  else for (const line of summaryLines(stats, process.stdout)) printWrapped(line);
  process.exitCode = stats.ok && (traces?.failed ?? 0) === 0 ? EXIT.ok : EXIT.failed;
}

async function openBotTraces(where: string): Promise<BotTraces> {
  const { BotTraces } = await import('../server/bot-traces.ts');
  return BotTraces.open(where, (text) => logLine(plainText(text)));
}

/** Opens the page, or says where it is. */
async function showRoom(server: MockServer): Promise<void> {
  const why = await openBrowser(server.roomUrl());
  if (why !== undefined) tell(`The browser cannot be opened (${plainText(why)}). Open ${server.roomUrl()}`);
}

/** What a user needs to see first: the address, what to set in their app, and something to try. */
function printStart(server: MockServer, flags: Flags, files: OpenFiles | undefined): void {
  const { url, secure } = server;
  const key = flags.apiKey === undefined ? 'any-key' : '$RECALL_API_KEY';
  tell(`${onStderr('bold', 'recall-emulator')} serves Recall's REST API at ${onStderr('bold', url)}

  In your app, in place of https://us-west-2.recall.ai:   RECALL_BASE_URL=${url}
${secure === undefined ? '' : secureText(url, secure, flags.https === true)}
  Or try it by hand:
    curl -X POST ${url}/api/v1/bot/ \\
      -H 'Authorization: Token ${key}' -H 'Content-Type: application/json' \\
      -d '{"meeting_url": "https://zoom.us/j/1234567890", "recording_config": {"audio_separate_raw": {},
           "realtime_endpoints": [{"type": "websocket", "url": "ws://127.0.0.1:4000", "events": ["audio_separate_raw.data"]}]}}'

  See and hear the meetings: ${server.roomUrl()}
  Control: ${url}/_emulator   OpenAPI: ${url}/openapi.json   Ctrl-C ends.
${roomText(files)}`);
}

/** What clients need to reach Recall's hosts here, or to trust us. */
function secureText(url: string, { url: secureUrl, caFile }: SecureDoor, isHttps: boolean): string {
  const file = `'${plainText(caFile)}'`;
  if (isHttps) return `  To trust our certificate: ${file}\n`;
  return `
  Or leave your app as it is, and set this ("recall-emulator exec -- COMMAND" does it for you):
    export HTTPS_PROXY=${url} https_proxy=${url} CA=${file}
    export SSL_CERT_FILE="$CA" REQUESTS_CA_BUNDLE="$CA" CURL_CA_BUNDLE="$CA" NODE_EXTRA_CA_CERTS="$CA"
  Node itself reads no HTTPS_PROXY:
    export NODE_OPTIONS="--require recall-emulator/redirect" RECALL_EMULATOR_URL=${url}
    export RECALL_EMULATOR_HTTPS_URL=${secureUrl} RECALL_EMULATOR_CA="$CA"
    export RECALL_EMULATOR_HOSTS=${RECALL_HOSTS.join(',')}
`;
}

function roomText(files: OpenFiles | undefined): string {
  if (files === undefined) return '';
  const { limit, bots, participants } = files;
  return (
    `  Room: this process may have ${limit} files and sockets open: about ${bots} bots\n` +
    `  at a time, with ${participants} unmuted participants each. "ulimit -n" changes that.\n`
  );
}

/** What happened, on stderr. */
export function printLine({ at, kind, text, bot_id }: Activity): void {
  const time = at.slice(11, 23);
  const who = bot_id === undefined ? '' : `${bot_id.slice(0, 8)} `;
  // Names, messages and close reasons come from outside.
  const plain = plainText(text, MAX_LINE);
  const line = kind === 'warning' ? onStderr('yellow', plain) : plain;
  logLine(
    `${onStderr('gray', time)} ${onStderr('gray', who)}${kind === 'bot' ? onStderr('bold', line) : line}`,
  );
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
    in_doubt: stats.inDoubt,
    dropped,
    dropped_by_reason: drops,
    pictures: {
      scheduled: stats.pictures.scheduled,
      sent: stats.pictures.sent,
      in_doubt: stats.pictures.inDoubt,
      dropped: stats.pictures.dropped,
    },
    ended_early: stats.endedEarly,
    failed_recordings: stats.failedRecordings,
    storage_problems: stats.storageProblems,
    refused_requests: stats.refusedRequests,
    max_lateness_s: Math.round(stats.maxLatenessSeconds * 1_000) / 1_000,
    diagnoses: stats.diagnoses,
    webhooks,
  };
}

/** One line, and one more for each thing that somebody should know; for a stream's terminal. */
export function summaryLines(stats: ServerStats, stream: NodeJS.WriteStream): string[] {
  const { ok, bots, recordings, connections, scheduled, sent, dropped, webhooks } = stats;
  const mark = ok ? colour(stream, 'green', '✔') : colour(stream, 'red', '✘');
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
  const { pictures } = stats;
  note(pictures.scheduled, `${pictures.sent} of ${counted(pictures.scheduled, 'picture')} delivered`);
  note(
    stats.inDoubt + pictures.inDoubt,
    `up to ${counted(stats.inDoubt + pictures.inDoubt, 'message')} of them in doubt: a reset destroys what the receiver has not read`,
  );
  note(webhooks.withheld, `${counted(webhooks.withheld, 'webhook')} lost on demand`);
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
  told.push(...diagnosisLines(stats.diagnoses, columnsOf(stream)));
  return told;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function onStderr(name: Colour, text: string): string {
  return colour(process.stderr, name, text);
}
