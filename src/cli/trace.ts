/** `recall-emulator trace`: opens a trace, or makes one of what was recorded. */
import { Command } from 'commander';
import { openRegularFile } from '../files.ts';
import { plainText } from '../plain-text.ts';
import { EXIT } from './exit.ts';
import { openBrowser } from './open-browser.ts';
import { tell } from './print.ts';
import { tellTraced } from './trace-file.ts';

const DEFAULT_FILE = 'trace.html';
const MAX_PATH = 4_096;

export function traceCommand(): Command {
  return new Command('trace')
    .description('Open a trace in the browser, or make one of a capture.')
    .argument('<file>', 'a trace (.html), a capture (events.ndjson), or a folder of recordings')
    .argument('[trace]', `where the trace of a capture goes (default: ${DEFAULT_FILE})`)
    .addHelpText(
      'after',
      `
Examples:
  $ recall-emulator play --trace trace.html            # makes one of a run
  $ recall-emulator trace trace.html                   # opens it
  $ recall-emulator trace recall-emulator-out   # writes trace.html

Exit codes:
  0  it is open, or made
  1  there is no browser, or the disk refuses
  2  wrong usage, or a file that cannot be read`,
    )
    .action(run);
}

async function run(file: string, trace = DEFAULT_FILE): Promise<void> {
  if (/\.html?$/i.test(file)) return open(file);
  const [{ TraceFiles }, { traceCaptures, capturesIn }] = await Promise.all([
    import('../trace/file.ts'),
    import('../trace/capture.ts'),
  ]);
  const captures = await capturesIn(file);
  const files = await TraceFiles.open();
  const made = await traceCaptures(captures, () => files.create(trace));
  if (made.invalid > 0) tell(`left out: ${made.invalid} lines that are no messages`);
  process.exitCode = tellTraced(made.file) ? EXIT.ok : EXIT.failed;
}

async function open(file: string): Promise<void> {
  // Says what is wrong with it before a browser does.
  await (await openRegularFile(file)).close();
  if ((await openBrowser(file)) === undefined) return;
  tell(`error: no browser could be opened. Open this file in one: ${plainText(file, MAX_PATH)}`);
  process.exitCode = EXIT.failed;
}
