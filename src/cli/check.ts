/** `recall-emulator check`: reads the options, checks, prints the report. */
import { Command, Option } from 'commander';
import type { CheckOptions } from '../check/options.ts';
import { UsageError } from '../errors.ts';
import { plainText } from '../plain-text.ts';
import { addFlags, optionsOf } from './command-flags.ts';
import { EXIT, interruptSignal } from './exit.ts';
import { FLAGS, type FlagName, type FlagValues, headingOf } from './flags.ts';
import { columnsOf, pad } from './layout.ts';
import { print, printJson, printWrapped, tell } from './print.ts';
import { mark } from './style.ts';
import { openCheckTrace } from './trace-file.ts';
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
  'known',
  'header',
  'secret',
  'insecure',
  'tolerateInvalidFrames',
  'botMetadata',
  'seed',
] as const satisfies FlagName[];
const OUTPUT = [
  'list',
  'quick',
  'full',
  'watch',
  'html',
  'junit',
  'markdown',
  'trace',
  'json',
  'quiet',
  'verbose',
] as const satisfies FlagName[];

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
      new Option(FLAGS.connections.flags, `${FLAGS.connections.help} (default: both)`)
        .choices(['both', 'per-participant', 'per-endpoint'])
        .helpGroup(headingOf('connections')),
    );
  return addFlags(command, [...CHECK, ...OUTPUT], { seed: 'another one every time' })
    .addHelpText(
      'after',
      `
Examples:
  $ recall-emulator check ws://127.0.0.1:4000/ \\
      --files 'out/{recording_id}/{id}.wav' -- node server.js
  $ recall-emulator check ws://127.0.0.1:4000/ --known known.yaml --watch
  $ recall-emulator check ws://127.0.0.1:4000/ --list

docs/check.md has every case. In GitHub Actions the summary and annotations come
by themselves.

Exit codes:
  0  nothing failed that was not expected to
  1  the receiver failed, Ctrl-C ended it early, or a report could not be
     written
  2  wrong usage, or a receiver that cannot be reached or started`,
    )
    .action(run);
}

async function run(first: string | undefined, rest: string[], flags: Flags): Promise<void> {
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
  if (flags.list === true) return listCases(options, flags.json === true);
  const watched = flags.watch === true ? watchedUrl(options) : undefined;
  if (flags.quiet !== true && url !== undefined) warnOfSlash(url);
  const signal = interruptSignal();
  let ok = await checkOnce(options, flags, signal);
  if (watched !== undefined) {
    const { untilRestarted } = await import('../check/restarted.ts');
    const restarted = (): Promise<boolean> => {
      tell('waiting until the receiver is started anew; Ctrl-C ends it');
      return untilRestarted(watched, { signal, onGone: () => tell('the receiver is gone') });
    };
    while (!signal.aborted && (await restarted())) ok = await checkOnce(options, flags, signal);
  }
  process.exitCode = ok ? EXIT.ok : EXIT.failed;
}

/** Whose restarts `--watch` waits for. Throws a `UsageError` when nobody else starts it, or nobody knows where it is. */
function watchedUrl({ url, command }: CheckOptions): string {
  if (url !== undefined && command === undefined) return url;
  throw new UsageError(
    'cannot_watch',
    '--watch is for a receiver that somebody else starts anew, at a URL.',
    {
      hint: 'Give its URL and no command after --, and run the receiver with node --watch, nodemon or by hand.',
    },
  );
}

async function listCases(options: CheckOptions, json: boolean): Promise<void> {
  const { plannedCases } = await import('../check/check.ts');
  const rows = plannedCases(options).map(({ case: { id, title }, setting, seconds }) => ({
    id,
    connections: setting.connections,
    title,
    seconds,
  }));
  if (json) return printJson(rows);
  const width = Math.max(0, ...rows.map(({ id }) => id.length));
  for (const { id, connections, title } of rows)
    print(`${pad(id, width)}  ${pad(connections, 'per-participant'.length)}  ${title}`);
  const seconds = rows.reduce((sum, row) => sum + row.seconds, 0);
  tell(`${rows.length} cases, about ${Math.ceil(seconds)} s`);
}

/** Whether nothing failed. */
async function checkOnce(options: CheckOptions, flags: Flags, signal: AbortSignal): Promise<boolean> {
  const [{ check }, { CheckDisplay }, { checkSummaryLines }, { writeCheckReports }] = await Promise.all([
    import('../check/check.ts'),
    import('./check-display.ts'),
    import('./check-summary.ts'),
    import('./check-reports.ts'),
  ]);
  const trace = flags.trace === undefined ? undefined : await openCheckTrace(flags.trace);
  const display = new CheckDisplay({
    live: process.stderr.isTTY && flags.quiet !== true,
    quiet: flags.quiet === true,
    verbose: flags.verbose === true,
  });
  const report = await check({
    ...options,
    signal,
    // The command finds it in its environment.
    onTap: (at) => {
      if (options.command === undefined) tell(`Post what the receiver hands on to RECALL_EMULATOR_TAP=${at}`);
    },
    ...display.handlers,
    onSession: (planned, session) => trace?.session(planned, session),
    onResult: (result) => {
      trace?.result(result);
      display.handlers.onResult?.(result);
    },
  }).finally(() => display.stop());
  const isTraced = trace === undefined || trace.close();
  const written = (await writeCheckReports(report, flags)) && isTraced;
  const { stdout } = process;
  // Audio is for those who listen: megabytes that no program asked for.
  if (flags.json === true) printJson(report, 'audio');
  else {
    printWrapped(`${mark(stdout, report.ok)} ${plainText(report.verdict)}`);
    for (const line of checkSummaryLines(report, columnsOf(stdout))) print(line);
  }
  return report.ok && written;
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
