/** `recall-emulator play`: reads the options, plays, prints the report. */
import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { plainText } from '../plain-text.ts';
import { redactTarget } from '../target.ts';
import { addFlags, optionsOf } from './command-flags.ts';
import { EXIT, interruptSignal } from './exit.ts';
import type { FlagName, FlagValues } from './flags.ts';
import { printJson, printWrapped } from './print.ts';
import { openTrace } from './trace-file.ts';
import { warnOfSlash } from './warning.ts';

/** What plays when nothing is named: real speech, three participants, thirty seconds. */
const DEMO_SCENARIO = 'standup';
const DEFAULT_OUT = 'recall-emulator-out';

/** Of the library's `play`, beside its scenario. */
const PLAY = [
  'to',
  'capture',
  'out',
  'events',
  'botMetadata',
  'endpointMetadata',
  'connections',
  'frameMs',
  'speed',
  'seed',
  'startTime',
  'absoluteFormat',
  'secret',
  'header',
  'insecure',
  'tolerateInvalidFrames',
  'retryAttempts',
  'retryInterval',
  'bufferDisconnected',
  'connectGrace',
  'maxBacklog',
  'reconnectEvery',
  'reconnectGap',
  'lateClose',
  'fault',
  'handshakeTimeout',
  'closeTimeout',
  'stallTimeout',
] as const satisfies FlagName[];
const OUTPUT = ['trace', 'json', 'quiet', 'verbose'] as const satisfies FlagName[];

type Flags = FlagValues<(typeof PLAY)[number] | (typeof OUTPUT)[number]>;

export function playCommand(): Command {
  const command = new Command('play')
    .description('Play a meeting at a receiver, every participant separately, as Recall.ai streams them.')
    .argument('[scenario]', 'scenario file (YAML, JSON), or a built-in one such as standup (the default)');
  return addFlags(command, [...PLAY, ...OUTPUT], {
    to: 'the embedded receiver',
    out: `${DEFAULT_OUT}, without --to`,
    seed: "the scenario's",
  })
    .addHelpText(
      'after',
      `
Examples:
  $ recall-emulator play                                  # embedded receiver
  $ recall-emulator play --to ws://127.0.0.1:4000/audio/  # your receiver
  $ recall-emulator play meeting.yaml --connections per-endpoint --json
  $ recall-emulator play --events all                     # not only audio
  $ recall-emulator play --trace trace.html               # to look at
  $ recall-emulator play --fault 'latency=200ms±50ms@5s-10s' --fault reset@12s

Faults: NAME[=VALUE][,OPTION=VALUE…][@AT[-UNTIL]]; docs/faults.md has them all.
Times: 3s, 250ms, 1m20s, or a number of seconds.

Exit codes:
  0  every frame and event was delivered
  1  the receiver or the run failed
  2  wrong usage`,
    )
    .action(run);
}

async function run(scenario: string | undefined, flags: Flags, command: Command): Promise<void> {
  const [{ play }, { builtInScenario }, { startDisplay }, { printSummary }] = await Promise.all([
    import('../play.ts'),
    import('../scenario/open.ts'),
    import('./display.ts'),
    import('./summary.ts'),
  ]);
  checkUsage(scenario, flags, command);
  if (flags.to !== undefined && flags.quiet !== true) warnOfSlash(flags.to);
  const signal = interruptSignal();
  const trace = flags.trace === undefined ? undefined : await openTrace(flags.trace);
  let display: { stop(): void } | undefined;
  const report = await play({
    ...optionsOf(PLAY, flags),
    out: flags.to === undefined ? (flags.out ?? DEFAULT_OUT) : undefined,
    scenario: flags.capture === undefined ? (scenario ?? builtInScenario(DEMO_SCENARIO)) : undefined,
    signal,
    onSession: (session) => {
      trace?.watch(session, { subtitle: plainText(flags.capture ?? scenario ?? DEMO_SCENARIO) });
      display = startDisplay(session, {
        live: process.stderr.isTTY && flags.quiet !== true,
        quiet: flags.quiet ?? false,
        verbose: flags.verbose ?? false,
      });
    },
  }).finally(() => display?.stop());
  if (flags.json === true) printJson(report);
  else {
    printSummary(report);
    if (flags.to !== undefined) {
      const url = plainText(redactTarget(flags.to));
      printWrapped(
        `delivery only: what the receiver kept was not looked at (recall-emulator check '${url}')`,
      );
    }
  }
  const isTraced = trace === undefined || trace.conclude(report);
  process.exitCode = report.ok && isTraced ? EXIT.ok : EXIT.failed;
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
