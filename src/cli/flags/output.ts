/** Flags that say what is written and printed. */
import { text, toggle } from '../flag.ts';

export const OUTPUT_FLAGS = {
  out: text('out', '--out <dir>', 'folder to write into'),
  html: text(undefined, '--html <file>', 'write a report to look at, all in one file'),
  junit: text(undefined, '--junit <file>', 'write a JUnit XML report, as CI servers read it'),
  trace: text(
    undefined,
    '--trace <file>',
    'write all of the run into one page to look at and listen to; serve: a folder, or a name with {bot_id}',
  ),
  json: toggle(
    undefined,
    '--json',
    'print JSON on stdout: one object (serve: one per line, the summary last)',
  ),
  quiet: toggle(undefined, '-q, --quiet', 'no progress: problems and the summary only'),
  verbose: toggle(undefined, '-v, --verbose', 'log more: what the receiver sends, what the mock does (exec)'),
} as const;
