/** `recall-emulator play`: reads the options, plays, prints the report. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command, Option } from 'commander';
import type { PlayOptions } from '../play.ts';
import type { AbsoluteFormat } from '../protocol/timestamp.ts';
import { redactTarget } from '../target.ts';
import { EXIT, interruptSignal } from './exit.ts';
import * as read from './options.ts';
import { warnOfSlash } from './warning.ts';

/** What plays when nothing is named: real speech, three participants, thirty seconds. */
const DEMO_SCENARIO = fileURLToPath(new URL('../../fixtures/standup.yaml', import.meta.url));
const DEFAULT_OUT = 'recall-emulator-out';

interface Flags {
  readonly to?: string;
  readonly capture?: string;
  readonly out?: string;
  readonly connections: 'per-participant' | 'per-endpoint';
  readonly frameMs: number[];
  readonly speed: number | 'max';
  readonly seed?: number;
  readonly startTime?: Date;
  readonly absoluteFormat: AbsoluteFormat;
  readonly secret?: string;
  readonly header?: Record<string, string>;
  readonly insecure?: boolean;
  readonly tolerateInvalidFrames?: boolean;
  readonly retryAttempts: number;
  readonly retryInterval: number;
  readonly maxBacklog: number;
  readonly bufferDisconnected: number;
  readonly connectGrace: number;
  readonly reconnectEvery?: number;
  readonly reconnectGap: number;
  readonly lateClose: number;
  readonly handshakeTimeout: number;
  readonly closeTimeout: number;
  readonly stallTimeout: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

export function playCommand(): Command {
  return new Command('play')
    .description('Play a meeting at a receiver, every participant separately, as Recall.ai streams them.')
    .argument('[scenario]', 'scenario file, YAML or JSON (default: the built-in standup)')
    .option(
      '--to <url>',
      'ws:// or wss:// URL of the receiver, dialled exactly as given (default: the embedded receiver)',
    )
    .option('--capture <file>', 'replay a capture (events.ndjson) instead of a scenario')
    .option('--out <dir>', `where the embedded receiver records (default: ${DEFAULT_OUT})`)
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
    .option('--speed <n|max>', '1 is real time; max is as fast as the receiver reads', read.speed, 1)
    .option('--seed <n>', "ids and generated audio are made from it (default: the scenario's)", read.integer)
    .option('--start-time <iso>', 'when the recording starts (default: now)', read.time)
    .addOption(
      new Option('--absolute-format <format>', 'how timestamp.absolute is written')
        .choices(['micros-offset', 'z-micros', 'z-millis'] satisfies AbsoluteFormat[])
        .default('micros-offset'),
    )
    .option(
      '--secret <whsec>',
      'sign every upgrade (the request that opens a WebSocket) with this secret (whsec_…)',
    )
    .option('--header <line>', "add a header to every upgrade, 'name: value'; may be repeated", read.header)
    .option('--insecure', 'accept any TLS certificate, such as a self-signed one')
    .option(
      '--tolerate-invalid-frames',
      'skip bytes from the receiver that are no WebSocket frame, and show them',
    )
    .option(
      '--retry-attempts <n>',
      'dials after a failure, before the endpoint counts as failed',
      read.integer,
      30,
    )
    .option('--retry-interval <time>', 'time between two dials', read.seconds, 3)
    .option(
      '--buffer-disconnected <time>',
      'audio to keep while there is no connection, and to send later',
      read.seconds,
      0,
    )
    .option('--connect-grace <time>', 'audio to keep while a handshake is under way', read.seconds, 1)
    .option(
      '--max-backlog <bytes>',
      'bytes a receiver may leave unread per connection before frames are dropped',
      read.bytes,
      1024 * 1024,
    )
    .option(
      '--reconnect-every <time>',
      'drop each connection this often and dial again, as seen on live calls',
      read.seconds,
    )
    .option('--reconnect-gap <time>', 'how long such a drop lasts', read.seconds, 1)
    .option(
      '--late-close <time>',
      'keep a socket open this long after a mute or a --reconnect-every',
      read.seconds,
      0,
    )
    .option('--handshake-timeout <time>', 'wait this long for the answer to an upgrade', read.seconds, 10)
    .option('--close-timeout <time>', 'wait this long for the answer to our close frame', read.seconds, 5)
    .option(
      '--stall-timeout <time>',
      'with --speed max: wait this long for a receiver that does not read',
      read.seconds,
      30,
    )
    .option('--json', 'print exactly one JSON object on stdout')
    .option('-q, --quiet', 'no progress, only the summary')
    .option('-v, --verbose', 'log what the receiver sends, too')
    .addHelpText(
      'after',
      `
Examples:
  $ recall-emulator play                                  # embedded receiver
  $ recall-emulator play --to ws://127.0.0.1:4000/audio/  # your receiver
  $ recall-emulator play meeting.yaml --connections per-endpoint --json

Times: 3s, 250ms, 1m20s, or a number of seconds.

Exit codes:
  0  every frame was delivered
  1  the receiver or the run failed
  2  wrong usage`,
    )
    .action(run);
}

async function run(scenario: string | undefined, flags: Flags, command: Command): Promise<void> {
  const [{ play }, { startDisplay }, { printSummary }] = await Promise.all([
    import('../play.ts'),
    import('./display.ts'),
    import('./summary.ts'),
  ]);
  checkUsage(scenario, flags, command);
  if (flags.to !== undefined && flags.quiet !== true) warnOfSlash(flags.to);
  const signal = interruptSignal();
  let display: { stop(): void } | undefined;
  const report = await play({
    ...playOptions(flags),
    ...(flags.capture === undefined ? { scenario: scenario ?? DEMO_SCENARIO } : { capture: flags.capture }),
    signal,
    onSession: (session) => {
      display = startDisplay(session, {
        live: process.stderr.isTTY && flags.quiet !== true,
        quiet: flags.quiet ?? false,
        verbose: flags.verbose ?? false,
      });
    },
  }).finally(() => display?.stop());
  if (flags.json === true) console.log(JSON.stringify(report));
  else printSummary(report);
  process.exitCode = report.ok ? EXIT.ok : EXIT.failed;
}

/** What contradicts itself, or was meant otherwise. Ends the process. */
function checkUsage(scenario: string | undefined, flags: Flags, command: Command): void {
  if (scenario !== undefined && flags.capture !== undefined)
    command.error('error: give a scenario or --capture, not both');
  if (flags.to !== undefined && flags.out !== undefined) {
    command.error(
      'error: --out belongs to the embedded receiver; with --to your receiver decides what it writes',
    );
  }
  if (scenario !== undefined && isAddress(scenario) && !existsSync(scenario)) {
    const url = scenario.includes('://') ? scenario : `ws://${scenario}`;
    command.error(
      `error: ${redactTarget(url)} is where a receiver listens, not a scenario: give it with --to, such as --to ws://127.0.0.1:4000/audio/`,
    );
  }
}

/** `ws://…`, `https://…`, `localhost:4000`, `[::1]:4000/audio` */
function isAddress(text: string): boolean {
  return /^\s*(wss?|https?):\/\//i.test(text) || /^([\w.-]+|\[[\da-f:.]+\]):\d{1,5}(\/.*)?$/i.test(text);
}

function playOptions(flags: Flags): PlayOptions {
  return {
    to: flags.to,
    out: flags.to === undefined ? (flags.out ?? DEFAULT_OUT) : undefined,
    connections: flags.connections,
    frameMs: flags.frameMs,
    speed: flags.speed,
    seed: flags.seed,
    startTime: flags.startTime,
    absoluteFormat: flags.absoluteFormat,
    secret: flags.secret,
    headers: flags.header,
    insecure: flags.insecure,
    tolerateInvalidFrames: flags.tolerateInvalidFrames,
    retryAttempts: flags.retryAttempts,
    retryIntervalSeconds: flags.retryInterval,
    maxBacklogBytes: flags.maxBacklog,
    bufferDisconnectedSeconds: flags.bufferDisconnected,
    connectGraceSeconds: flags.connectGrace,
    reconnectEverySeconds: flags.reconnectEvery,
    reconnectGapSeconds: flags.reconnectGap,
    lateCloseSeconds: flags.lateClose,
    handshakeTimeoutSeconds: flags.handshakeTimeout,
    closeTimeoutSeconds: flags.closeTimeout,
    stallTimeoutSeconds: flags.stallTimeout,
  };
}
