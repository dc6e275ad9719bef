/** A trace of what was recorded earlier: captures, line by line. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../errors.ts';
import { readCapture } from '../scenario/capture.ts';
import type { TraceFile } from './file.ts';
import { ReceivedTrace } from './received.ts';

/** What a recording's folder calls its capture. */
const CAPTURE = 'events.ndjson';
const MAX_CAPTURES = 1_000;

/**
 * The captures that a path names: itself, that of a recording's folder, or those of all recordings in a folder. Rejects with a
 * `UsageError` (`nothing_to_trace`) when there is none.
 */
export async function capturesIn(path: string): Promise<readonly string[]> {
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() === true;
  // Whether it can be read is found out when it is.
  if (!isFolder) return [path];
  const entries = await readdir(path, { withFileTypes: true });
  const below = entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(path, name, CAPTURE))
    .sort();
  const found: string[] = [];
  for (const each of [join(path, CAPTURE), ...below])
    if ((await stat(each).catch(() => undefined))?.isFile() === true) found.push(each);
  if (found.length === 0) throw nothingIn(path);
  return found.slice(0, MAX_CAPTURES);
}

/** What came of it. */
interface TracedCaptures {
  readonly file: TraceFile;
  /** Lines that are no messages. */
  readonly invalid: number;
}

/**
 * Puts captures into one trace, which is made with the first message. Rejects with a `UsageError` for a file that cannot be read
 * (`file_unreadable`), and when there is no message in any (`nothing_to_trace`).
 */
export async function traceCaptures(
  captures: readonly string[],
  create: () => TraceFile,
): Promise<TracedCaptures> {
  let file: TraceFile | undefined;
  let invalid = 0;
  for (const capture of captures) {
    let trace: ReceivedTrace | undefined;
    for await (const { result } of readCapture(capture)) {
      if (result.kind === 'event') {
        file ??= create();
        trace ??= new ReceivedTrace(file, capture);
        trace.event(result.event);
      } else if (result.kind === 'invalid') invalid++;
    }
    trace?.close();
  }
  if (file === undefined) throw nothingIn(captures.join(', '));
  return { file, invalid };
}

function nothingIn(path: string): UsageError {
  return new UsageError('nothing_to_trace', `${path} has no real-time messages.`, {
    hint: 'Give a capture (events.ndjson), or a folder with recordings.',
  });
}
