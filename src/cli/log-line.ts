/**
 * Lines of a log on stderr: what others make us say, as often as they like. Node keeps what a pipe does not take, so that a
 * reader who is slower than a flood of bad messages would fill our memory. Lines that do not fit are counted, and told.
 */
import { inFlags } from './command-flags.ts';

const MAX_BACKLOG_BYTES = 1024 * 1024;

let leftOut = 0;

/** Prints one line, which has been cleaned, with flags for options. It is left out while stderr has more to write than 1 MiB. */
export function logLine(line: string): void {
  const { stderr } = process;
  if (leftOut > 0 || stderr.writableLength > MAX_BACKLOG_BYTES) {
    if (leftOut++ === 0) stderr.once('drain', tellLeftOut);
    return;
  }
  stderr.write(`${inFlags(line)}\n`);
}

function tellLeftOut(): void {
  process.stderr.write(
    `… ${leftOut} line${leftOut === 1 ? '' : 's'} left out: stderr was not read fast enough\n`,
  );
  leftOut = 0;
}
