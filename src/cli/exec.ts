/** `recall-emulator exec`: a command whose calls to Recall come to a mock that lasts as long as it. */
import { Command } from 'commander';
import type { Activity } from '../server/store/activity.ts';
import { addFlags, optionsOf } from './command-flags.ts';
import type { FlagName, FlagValues } from './flags.ts';
import { tell } from './print.ts';
import { writePortFile } from './ready.ts';
import { printLine, SERVER, summaryLines } from './serve.ts';

/** The rest of `serve` that makes sense here. */
const OUTPUT = ['portFile', 'quiet', 'verbose'] as const satisfies FlagName[];
type ExecFlag = Exclude<(typeof SERVER)[number], 'proxy' | 'https'> | (typeof OUTPUT)[number];
type Flags = FlagValues<ExecFlag>;

/** It is a proxy anyway. */
const EXEC = SERVER.filter((name) => name !== 'proxy' && name !== 'https') as Exclude<
  (typeof SERVER)[number],
  'proxy' | 'https'
>[];

export function execCommand(): Command {
  const command = new Command('exec')
    .description("Run a command whose calls to Recall's API come to a mock, unchanged.")
    .argument('<command...>', 'after --: what is run, such as npm test');
  return addFlags(command, [...EXEC, ...OUTPUT], {
    port: 'any free one',
    seed: 'random',
    apiKey: 'any',
    secret: 'another one every time',
  })
    .addHelpText(
      'after',
      `
Examples:
  $ recall-emulator exec -- npm test
  $ recall-emulator exec --scenario standup --speed max -- pytest
  $ recall-emulator exec --app-port 3000 --wait-for http://127.0.0.1:3000/ \\
      -- npm start

The command finds the mock in RECALL_BASE_URL, RECALL_API_KEY and
RECALL_WEBHOOK_SECRET. An app that names https://us-west-2.recall.ai reaches it,
too: by HTTPS_PROXY and certificates to trust, and in Node by NODE_OPTIONS. Its
standard streams and its exit code are its own; what the mock says is on stderr:
warnings and a summary.

Exit codes:
  that of the command
  2  wrong usage, or a command that cannot be started`,
    )
    .action(run);
}

async function run(command: readonly string[], flags: Flags): Promise<void> {
  const { execBesideMock } = await import('../exec/exec.ts');
  const { exitCode, stats } = await execBesideMock({
    command: command as [string, ...string[]],
    server: { ...optionsOf(EXEC, flags), onActivity: listener(flags) },
    onStart: (server) => writePortFile(server, flags.portFile),
  });
  if (flags.quiet !== true || !stats.ok) for (const line of summaryLines(stats, process.stderr)) tell(line);
  process.exitCode = exitCode;
}

/** What the user should know while the command runs; its own output is what they look at. */
function listener({ quiet, verbose }: Flags): (activity: Activity) => void {
  return (activity) => {
    const matters = activity.kind === 'warning' || activity.kind === 'request';
    if (verbose === true || (matters && quiet !== true)) printLine(activity);
  };
}
