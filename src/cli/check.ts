/** `recall-emulator check`: reads the options, checks, prints the report. */
import { Command, Option } from 'commander';
import type { CheckReport } from '../check/report.ts';
import { addFlags, inFlags, optionsOf } from './command-flags.ts';
import { EXIT, interruptSignal } from './exit.ts';
import { FLAGS, type FlagName, type FlagValues } from './flags.ts';
import { print, printJson, tell } from './print.ts';
import { writeReport } from './report-file.ts';
import { warnOfSlash } from './warning.ts';

/** Of the library's `check`, beside its URL and its command. */
const CHECK = [
  'files',
  'filesWait',
  'mix',
  'rttm',
  'tap',
  'tapPort',
  'probe',
  'probeCommand',
  'setup',
  'create',
  'webhookUrl',
  'mapTarget',
  'wait',
  'restart',
  'cases',
  'skip',
  'header',
  'secret',
  'insecure',
  'botMetadata',
  'seed',
] as const satisfies FlagName[];
const OUTPUT = ['list', 'quick', 'full', 'html', 'json', 'quiet', 'verbose'] as const satisfies FlagName[];

type Flags = FlagValues<(typeof CHECK)[number] | (typeof OUTPUT)[number]> & {
  readonly connections?: 'both' | 'per-participant' | 'per-endpoint';
};

export function checkCommand(): Command {
  const command = new Command('check')
    .description(
      'Tell whether a receiver is right: play what happens on real calls, and look at what it kept.',
    )
    .argument(
      '[url]',
      'ws:// or wss:// URL of the receiver, dialled exactly as given; {n} and {bot_id} are filled in; not needed with --create',
    )
    .argument('[command...]', 'after --: starts the receiver, which is watched, and ended at the end')
    .addOption(
      // One more choice than the commands have that play a meeting once.
      new Option(FLAGS.connections.flags, `${FLAGS.connections.help} (default: both)`).choices([
        'both',
        'per-participant',
        'per-endpoint',
      ]),
    );
  return addFlags(command, [...CHECK, ...OUTPUT], { seed: 'another one every time' })
    .addHelpText(
      'after',
      `
Examples:
  $ recall-emulator check ws://127.0.0.1:4000/audio/ --files 'out/{recording_id}/{id}.wav'
  $ recall-emulator check ws://127.0.0.1:4000/audio/ --files 'out/{recording_id}/{id}.wav' -- node server.js

Exit codes:
  0  nothing failed that was not expected to
  1  the receiver failed, or the HTML report could not be written
  2  wrong usage`,
    )
    .action(run);
}

async function run(first: string | undefined, rest: string[], flags: Flags): Promise<void> {
  const [{ check, plannedCases }, { CheckDisplay }] = await Promise.all([
    import('../check/check.ts'),
    import('./check-display.ts'),
  ]);
  const { url, command } = readOperands(first, rest, flags);
  const [program, ...args] = command;
  const options = {
    ...optionsOf(CHECK, flags),
    url,
    command: program === undefined ? undefined : ([program, ...args] as [string, ...string[]]),
    connections: flags.connections,
    keepAudio: flags.html !== undefined,
    suite: flags.full === true ? ('full' as const) : flags.quick === true ? ('quick' as const) : undefined,
  };
  if (flags.list === true) {
    for (const { case: each, setting } of plannedCases(options))
      print(`${each.id.padEnd(32)} ${setting.connections.padEnd(15)} ${each.title}`);
    return;
  }
  if (flags.quiet !== true && url !== undefined) warnOfSlash(url);
  const display = new CheckDisplay({
    live: process.stderr.isTTY && flags.quiet !== true,
    quiet: flags.quiet === true,
    verbose: flags.verbose === true,
  });
  const report = await check({
    ...options,
    signal: interruptSignal(),
    // The command finds it in its environment.
    onTap: (at) => {
      if (program === undefined) tell(`Post what the receiver hands on to RECALL_EMULATOR_TAP=${at}`);
    },
    ...display.handlers,
  }).finally(() => display.stop());
  const written = flags.html === undefined || (await writeHtml(flags.html, report));
  // Audio is for those who listen: megabytes that no program asked for.
  if (flags.json === true) printJson(report, 'audio');
  else display.summary(report);
  process.exitCode = report.ok && written ? EXIT.ok : EXIT.failed;
}

async function writeHtml(file: string, report: CheckReport): Promise<boolean> {
  const { checkReportHtml } = await import('../check/reports/html.ts');
  return writeReport('--html', file, () => checkReportHtml(report, inFlags));
}

/** Without a URL, which `--create` does not need, the command stands first. */
function readOperands(
  first: string | undefined,
  rest: readonly string[],
  { create }: Flags,
): { readonly url: string | undefined; readonly command: readonly string[] } {
  if (first === undefined || create === undefined || /^wss?:/i.test(first))
    return { url: first, command: rest };
  return { url: undefined, command: [first, ...rest] };
}
